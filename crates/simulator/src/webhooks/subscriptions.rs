//! Who is told what: the app's subscription, the account's, and their overrides.

use super::callback::Callback;

/// Fields an app can subscribe to.
pub(crate) const FIELDS: &[&str] = &[
    "account_alerts",
    "account_review_update",
    "account_update",
    "business_capability_update",
    "calls",
    "flows",
    "message_template_components_update",
    "message_template_quality_update",
    "message_template_status_update",
    "messages",
    "phone_number_name_update",
    "phone_number_quality_update",
    "security",
    "template_category_update",
    "user_preferences",
];

/// The callback of the app and the fields it wants.
#[derive(Clone, Debug)]
pub(crate) struct Subscription {
    pub(crate) callback: Callback,
    pub(crate) fields: Vec<String>,
}

/// All subscriptions of the one app.
#[derive(Debug, Default)]
pub(crate) struct Subscriptions {
    pub(crate) app: Option<Subscription>,
    /// Whether the app is subscribed to the account; without it nothing is told.
    pub(crate) account: bool,
    /// Where the account's `messages` webhooks go instead.
    pub(crate) account_callback: Option<Callback>,
}

impl Subscriptions {
    /// Subscribed to every field, when there is a callback from the start.
    pub(crate) fn starting_with(callback: Option<Callback>, account: bool) -> Self {
        let fields = || FIELDS.iter().map(|field| (*field).to_owned()).collect();
        let app = callback.map(|callback| Subscription { callback, fields: fields() });
        Self { account, app, account_callback: None }
    }

    /// Where a change of this field goes. For `messages`, the number's override comes before the
    /// account's, and that before the app's.
    pub(crate) fn target(&self, field: &str, number: Option<&Callback>) -> Option<Callback> {
        let app = self
            .app
            .as_ref()
            .filter(|app| self.account && app.fields.iter().any(|f| f == field))?;
        let overrides = number.or(self.account_callback.as_ref()).filter(|_| field == "messages");
        Some(overrides.unwrap_or(&app.callback).clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn number_overrides_account_overrides_app_for_messages_only() {
        let at = |host: &str| Callback::parse(&format!("http://{host}/")).unwrap();
        let mut subscriptions = Subscriptions::starting_with(Some(at("app")), true);
        let target = |subscriptions: &Subscriptions, field, number: Option<&Callback>| {
            subscriptions.target(field, number).map(|callback| callback.address().to_owned())
        };
        assert_eq!(target(&subscriptions, "messages", None).as_deref(), Some("app:80"));
        subscriptions.account_callback = Some(at("account"));
        assert_eq!(target(&subscriptions, "messages", None).as_deref(), Some("account:80"));
        let number = at("number");
        assert_eq!(target(&subscriptions, "messages", Some(&number)).as_deref(), Some("number:80"));
        assert_eq!(target(&subscriptions, "security", Some(&number)).as_deref(), Some("app:80"));
        assert_eq!(target(&subscriptions, "unheard_of", None), None);
        subscriptions.account = false;
        assert_eq!(target(&subscriptions, "messages", None), None);
    }
}
