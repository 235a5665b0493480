//! One row: its cells by column, made into a person and what they agreed to.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use csv::StringRecord;
use fanal_domain::consent::{Basis, Method};
use fanal_domain::contact::Relation;
use fanal_domain::language::Language;

use super::cells::{Fault, attribute, instant, purposes, word};
use crate::contacts::{ContactDraft, NewConsent};
use crate::expression::Kind;
use crate::person::{AttributeValue, is_attribute_name, parse_relation};

/// What a column holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Column {
    Name,
    Phone,
    Sms,
    Language,
    Relation,
    ExternalId,
    Consent,
    ConsentBasis,
    ConsentMethod,
    ConsentAt,
    Attribute(String, Kind),
}

/// A row whose cells could all be read.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) line: u64,
    pub(super) draft: ContactDraft,
    pub(super) consents: Vec<NewConsent>,
}

/// The cells of a row before it is known whether they go together.
#[derive(Default)]
struct Cells {
    name: Option<String>,
    phone: Option<String>,
    sms: Option<String>,
    external_id: Option<String>,
    language: Option<Language>,
    relation: Option<Relation>,
    attributes: BTreeMap<String, AttributeValue>,
    consent: Option<String>,
    basis: Option<Basis>,
    method: Option<Method>,
    given_at: Option<DateTime<Utc>>,
}

impl Column {
    /// The column of this header; spaces and dashes count as underscores.
    pub(super) fn named(header: &str) -> Option<Self> {
        let header = header.trim().to_lowercase().replace([' ', '-'], "_");
        Some(match header.as_str() {
            "name" => Self::Name,
            "phone" | "whatsapp" => Self::Phone,
            "sms" => Self::Sms,
            "language" => Self::Language,
            "relation" => Self::Relation,
            "external_id" => Self::ExternalId,
            "consent" => Self::Consent,
            "consent_basis" => Self::ConsentBasis,
            "consent_method" => Self::ConsentMethod,
            "consent_at" => Self::ConsentAt,
            other => {
                let (name, kind) = match other.split_once(':') {
                    None => (other, Kind::Text),
                    Some((name, "text")) => (name, Kind::Text),
                    Some((name, "number")) => (name, Kind::Number),
                    Some((name, "bool")) => (name, Kind::Bool),
                    Some(_) => return None,
                };
                is_attribute_name(name).then(|| Self::Attribute(name.to_owned(), kind))?
            }
        })
    }

    pub(super) fn name(&self) -> &str {
        match self {
            Self::Name => "name",
            Self::Phone => "phone",
            Self::Sms => "sms",
            Self::Language => "language",
            Self::Relation => "relation",
            Self::ExternalId => "external_id",
            Self::Consent => "consent",
            Self::ConsentBasis => "consent_basis",
            Self::ConsentMethod => "consent_method",
            Self::ConsentAt => "consent_at",
            Self::Attribute(name, _) => name,
        }
    }
}

impl Row {
    pub(super) fn read(
        line: u64,
        columns: &[Column],
        record: &StringRecord,
    ) -> Result<Self, Fault> {
        let mut cells = Cells::default();
        for (column, cell) in columns.iter().zip(record) {
            let cell = cell.trim();
            if !cell.is_empty() {
                cells.put(column, cell)?;
            }
        }
        let consents = cells.consents()?;
        if cells.phone.is_none() && cells.sms.is_none() {
            return Err(Fault::new("phone", "it is missing"));
        }
        let draft = ContactDraft {
            name: cells.name,
            whatsapp: cells.phone,
            sms: cells.sms,
            external_id: cells.external_id,
            attributes: cells.attributes,
            language: cells.language.ok_or_else(|| Fault::new("language", "it is missing"))?,
            relation: cells.relation.unwrap_or(Relation::Other),
        };
        Ok(Self { line, draft, consents })
    }
}

impl Cells {
    fn put(&mut self, column: &Column, cell: &str) -> Result<(), Fault> {
        let name = column.name();
        match column {
            Column::Name => self.name = Some(cell.to_owned()),
            Column::Phone => self.phone = Some(cell.to_owned()),
            Column::Sms => self.sms = Some(cell.to_owned()),
            Column::ExternalId => self.external_id = Some(cell.to_owned()),
            Column::Consent => self.consent = Some(cell.to_owned()),
            Column::Language => {
                let language = cell.parse::<Language>();
                self.language =
                    Some(language.map_err(|invalid| Fault::new(name, &invalid.to_string()))?);
            }
            Column::Relation => {
                let relation = parse_relation(&cell.to_lowercase());
                self.relation =
                    Some(relation.ok_or_else(|| Fault::new(name, "there is no such relation"))?);
            }
            Column::ConsentBasis => self.basis = Some(word(name, cell)?),
            Column::ConsentMethod => self.method = Some(word(name, cell)?),
            Column::ConsentAt => self.given_at = Some(instant(name, cell)?),
            Column::Attribute(_, kind) => {
                self.attributes.insert(name.to_owned(), attribute(name, *kind, cell)?);
            }
        }
        Ok(())
    }

    /// A consent without its time would be another consent in every run.
    fn consents(&self) -> Result<Vec<NewConsent>, Fault> {
        let Some(consent) = &self.consent else { return Ok(Vec::new()) };
        let missing = || Fault::new("consent_at", "it is missing: say when consent was given");
        let given_at = self.given_at.ok_or_else(missing)?;
        let given = |purpose| NewConsent {
            purpose,
            basis: self.basis.unwrap_or(Basis::Consent),
            method: self.method.unwrap_or(Method::Import),
            given_at,
            evidence: None,
        };
        Ok(purposes("consent", consent)?.into_iter().map(given).collect())
    }
}
