//! Going through the directory to find who is meant by some rules: the union, each person once.

use std::collections::{BTreeSet, HashSet};

use fanal_domain::id::ContactId;
use fanal_domain::segment::Rule;
use uuid::Uuid;

use crate::Engine;
use crate::error::UseCaseError;
use crate::expression::{Condition, ExpressionError, Need, Person};
use crate::person::Profile;
use crate::ports::{ContactRow, ContactState};

/// How many rows are taken at once.
pub(crate) const PAGE_MAX: usize = 2_000;

/// Rules, ready to be asked of everybody.
#[derive(Debug)]
pub(crate) struct Rules {
    listed: HashSet<ContactId>,
    conditions: Vec<Condition>,
    /// Attributes they read that nobody was seen to have yet.
    unmet: BTreeSet<Need>,
}

/// Somebody who is meant.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Meant<'a> {
    pub(crate) row: &'a ContactRow,
    /// `None` if the person was forgotten.
    pub(crate) profile: Option<&'a Profile>,
}

/// A way through the directory in the order of ids, page by page, so that whoever goes it can
/// write down what was found before going on.
#[derive(Debug)]
pub(crate) struct Walk<'e> {
    engine: &'e Engine,
    rules: Rules,
    way: Way,
}

/// What is still ahead.
#[derive(Debug)]
enum Way {
    /// Everybody after this person.
    Everybody {
        after: Option<ContactId>,
    },
    /// Only these: no rule asks about anybody else.
    Listed(Vec<ContactId>),
    End,
}

impl Rules {
    pub(crate) fn compile<'a>(
        rules: impl IntoIterator<Item = &'a Rule>,
    ) -> Result<Self, UseCaseError> {
        let mut listed = HashSet::new();
        let mut conditions = Vec::new();
        for rule in rules {
            match rule {
                Rule::Contacts(ids) => listed.extend(ids),
                Rule::Expression(text) => conditions.push(Condition::compile(text)?),
            }
        }
        let unmet = conditions.iter().flat_map(Condition::needs).cloned().collect();
        Ok(Self { listed, conditions, unmet })
    }

    /// Whether somebody was seen to have everything they read.
    fn are_met(&self) -> bool {
        self.unmet.is_empty()
    }

    fn note_attributes(&mut self, profile: &Profile) {
        if !self.are_met() {
            self.unmet.retain(|need| !need.is_met_by(profile));
        }
    }

    /// A list names people for good; an expression finds those who can still be told something.
    fn select(&self, row: &ContactRow, profile: Option<&Profile>) -> bool {
        if self.listed.contains(&row.contact_id) {
            return true;
        }
        let (ContactState::Active, Some(profile)) = (row.state, profile) else { return false };
        let person = Person { profile, language: &row.language, relation: row.relation };
        self.conditions.iter().any(|condition| condition.selects(&person))
    }

    /// A rule that reads what nobody has is misspelt: it would silently select nobody.
    fn check_attributes(&self) -> Result<(), UseCaseError> {
        match self.unmet.first() {
            Some(need) => Err(ExpressionError::unknown(need).into()),
            None => Ok(()),
        }
    }
}

impl Engine {
    /// A way to everybody who is meant. The directory must show what it is to find.
    pub(crate) fn walk(&self, rules: Rules) -> Walk<'_> {
        let way = if rules.conditions.is_empty() {
            let mut ids: Vec<ContactId> = rules.listed.iter().copied().collect();
            ids.sort_unstable_by(|one, other| other.cmp(one));
            Way::Listed(ids)
        } else {
            Way::Everybody { after: None }
        };
        Walk { engine: self, rules, way }
    }

    /// Whether somebody has everything the rules read.
    pub(crate) async fn check_attributes(&self, rules: Rules) -> Result<(), UseCaseError> {
        let mut walk = self.walk(rules);
        while !walk.rules.are_met() && walk.next(&mut |_| {}).await? {}
        walk.rules.check_attributes()
    }
}

impl Walk<'_> {
    /// Visits the next people who are meant; says whether there may be more.
    pub(crate) async fn next(
        &mut self,
        visit: &mut (dyn FnMut(Meant<'_>) + Send),
    ) -> Result<bool, UseCaseError> {
        let directory = &self.engine.ports.directory;
        let rows = match &mut self.way {
            Way::Everybody { after } => directory.page(*after, PAGE_MAX).await?,
            Way::Listed(ids) => {
                let mut page = ids.split_off(ids.len().saturating_sub(PAGE_MAX));
                page.reverse();
                let mut rows = directory.contacts(&page).await?;
                rows.sort_unstable_by_key(|row| row.contact_id);
                rows
            }
            Way::End => return Ok(false),
        };
        self.visit_page(&rows, visit).await?;
        match (&mut self.way, rows.last()) {
            (Way::Everybody { after }, Some(last)) if rows.len() == PAGE_MAX => {
                *after = Some(last.contact_id);
            }
            (Way::Listed(ids), _) if !ids.is_empty() => {}
            _ => {
                self.way = Way::End;
                self.rules.check_attributes()?;
            }
        }
        Ok(!matches!(self.way, Way::End))
    }

    async fn visit_page(
        &mut self,
        rows: &[ContactRow],
        visit: &mut (dyn FnMut(Meant<'_>) + Send),
    ) -> Result<(), UseCaseError> {
        let subjects: Vec<Uuid> = rows.iter().map(|row| row.contact_id.0).collect();
        let keys = self.engine.vault.load(&subjects).await?;
        for row in rows {
            let profile = Profile::open(&keys, row.contact_id, &row.profile)?;
            if let (ContactState::Active, Some(profile)) = (row.state, &profile) {
                self.rules.note_attributes(profile);
            }
            if self.rules.select(row, profile.as_ref()) {
                visit(Meant { row, profile: profile.as_ref() });
            }
        }
        Ok(())
    }
}
