//! What is remembered of a message, kept small because there may be millions.

use super::charge::Charge;
use super::content::Kind;
use super::packed::Packed;
use super::wamid::{Direction, Wamid};
use crate::clock::Millis;
use crate::limits::SenderIndex;
use crate::people::{PersonId, PhoneNumber};
use crate::templates::{Category, TemplateIndex};

/// A message accepted from the business.
#[derive(Clone, Debug)]
pub(crate) struct Outgoing {
    pub(crate) accepted_at: Millis,
    pub(crate) person: PersonId,
    /// The message to the same person before this one.
    pub(crate) previous: Option<u32>,
    /// How many messages the person was sent before.
    pub(crate) ordinal: u32,
    pub(crate) template: Option<TemplateIndex>,
    pub(crate) sender: SenderIndex,
    pub(crate) kind: Kind,
    pub(crate) category: Category,
    pub(crate) charge: Charge,
    pub(crate) shown: Shown,
    /// `biz_opaque_callback_data`.
    pub(crate) reference: Option<Box<str>>,
    /// For a template: header, body and button values. Otherwise: text, reply ids, reply titles.
    pub(crate) content: Packed,
}

/// Which statuses were told so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Shown(u8);

impl Shown {
    pub(crate) const SENT: Self = Self(1);
    pub(crate) const DELIVERED: Self = Self(2);
    pub(crate) const READ: Self = Self(4);
    pub(crate) const PLAYED: Self = Self(8);
    pub(crate) const FAILED: Self = Self(16);
    pub(crate) const ANSWERED: Self = Self(32);

    pub(crate) fn add(&mut self, other: Self) {
        self.0 |= other.0;
    }

    pub(crate) fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// The words of all that was told.
    pub(crate) fn words(self) -> Vec<&'static str> {
        let all = [
            (Self::SENT, "sent"),
            (Self::DELIVERED, "delivered"),
            (Self::READ, "read"),
            (Self::PLAYED, "played"),
            (Self::FAILED, "failed"),
            (Self::ANSWERED, "answered"),
        ];
        all.into_iter().filter(|(flag, _)| self.has(*flag)).map(|(_, word)| word).collect()
    }
}

/// A message written by a person.
#[derive(Clone, Debug)]
pub(crate) struct Incoming {
    pub(crate) at: Millis,
    pub(crate) person: PersonId,
    pub(crate) sender: SenderIndex,
    /// The outgoing message it refers to.
    pub(crate) context: Option<u32>,
    /// `type` and the object of that type, as JSON text.
    pub(crate) fragment: Box<str>,
}

/// The id of the outgoing message with this number.
pub(crate) fn outgoing_id(run: u32, peer: PhoneNumber, number: u32) -> String {
    Wamid { direction: Direction::Out, peer, run, number }.encode()
}

/// The id of the incoming message with this number.
pub(crate) fn incoming_id(run: u32, peer: PhoneNumber, number: u32) -> String {
    Wamid { direction: Direction::In, peer, run, number }.encode()
}
