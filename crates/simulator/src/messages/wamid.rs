//! Message ids: opaque to clients, yet they hold what is needed to find the message again.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::people::PhoneNumber;

/// Which way a message went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Direction {
    /// From the business to a person.
    Out,
    /// From a person to the business.
    In,
}

impl Direction {
    fn tag(self) -> u8 {
        match self {
            Self::Out => 0x11,
            Self::In => 0x12,
        }
    }
}

/// A message as its id names it. `run` tells apart simulators started one after another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Wamid {
    pub(crate) direction: Direction,
    pub(crate) peer: PhoneNumber,
    pub(crate) run: u32,
    pub(crate) number: u32,
}

const SCRAMBLE: u64 = 0x9e37_79b9_7f4a_7c15;
// The inverse of SCRAMBLE modulo 2^64.
const UNSCRAMBLE: u64 = 0xf1de_83e1_9937_733d;

impl Wamid {
    /// `wamid.` and the base64 of peer, direction and a number that looks random.
    pub(crate) fn encode(self) -> String {
        let peer = self.peer.to_string();
        let mut raw = Vec::with_capacity(48);
        raw.extend_from_slice(&[0x1c, 0x18, u8::try_from(peer.len()).unwrap_or_default()]);
        raw.extend_from_slice(peer.as_bytes());
        raw.extend_from_slice(&[0x15, 0x02, 0x00, self.direction.tag(), 0x18, 0x10]);
        let id = (u64::from(self.run) << 32 | u64::from(self.number)).wrapping_mul(SCRAMBLE);
        raw.extend((0..16).rev().map(|place| b"0123456789ABCDEF"[nibble(id, place)]));
        raw.push(0x00);
        let mut text = String::with_capacity(64);
        text.push_str("wamid.");
        STANDARD.encode_string(&raw, &mut text);
        text
    }

    /// Reads an id back; anything that was not made by [`Self::encode`] is `None`.
    pub(crate) fn decode(text: &str) -> Option<Self> {
        let raw = STANDARD.decode(text.strip_prefix("wamid.")?).ok()?;
        let (length, rest) = raw.strip_prefix(&[0x1c, 0x18])?.split_first()?;
        let (peer, rest) = rest.split_at_checked(usize::from(*length))?;
        let peer = PhoneNumber::from_digits(std::str::from_utf8(peer).ok()?)?;
        let (tag, rest) = rest.strip_prefix(&[0x15, 0x02, 0x00])?.split_first()?;
        let direction = match tag {
            0x11 => Direction::Out,
            0x12 => Direction::In,
            _ => return None,
        };
        let hex = rest.strip_prefix(&[0x18, 0x10])?.strip_suffix(&[0x00])?;
        if hex.len() != 16 {
            return None;
        }
        let id = u64::from_str_radix(std::str::from_utf8(hex).ok()?, 16).ok()?;
        let id = id.wrapping_mul(UNSCRAMBLE);
        let run = u32::try_from(id >> 32).ok()?;
        let number = u32::try_from(id & u64::from(u32::MAX)).ok()?;
        Some(Self { direction, peer, run, number })
    }
}

fn nibble(value: u64, place: u32) -> usize {
    usize::try_from(value >> (place * 4) & 0xf).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn reads_back_what_it_wrote(run: u32, number: u32, digits in "[1-9][0-9]{6,14}", out: bool) {
            let direction = if out { Direction::Out } else { Direction::In };
            let peer = PhoneNumber::from_digits(&digits).unwrap();
            let id = Wamid { direction, peer, run, number };
            prop_assert_eq!(Wamid::decode(&id.encode()), Some(id));
        }

        #[test]
        fn survives_any_text(text in "(wamid\\.)?[A-Za-z0-9+/=]{0,80}") {
            let _unknown = Wamid::decode(&text);
        }
    }
}
