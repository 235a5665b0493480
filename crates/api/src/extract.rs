//! What a request carries, read into types; whatever breaks a rule becomes a precise problem.

mod body;
mod command;
mod params;
mod path;
mod serde_rule;
mod view;

pub(crate) use body::{too_large, unread};
pub(crate) use command::{Command, CommandHeaders, Nothing, context_of};
pub(crate) use params::{
    Cursor, FromParams, NoParams, Page, Params, Present, locale, query_problem,
};
pub(crate) use path::InPath;
pub(crate) use view::{FreshParams, View, ViewParams};
