//! Message templates: creation and its rules, review and quality, and filling them at send time.

mod create;
mod fill;
mod language;
mod rules;
mod shelf;
mod state;
mod template;
mod text;

pub(crate) use self::create::{create, replace_components};
pub(crate) use self::fill::{Filled, fill};
pub(crate) use self::shelf::{Listing, Shelf, TemplateIndex};
pub(crate) use self::state::{Quality, Status};
pub(crate) use self::template::{Category, Template};
