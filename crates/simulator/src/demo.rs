//! The identities the simulator knows when it is started without any configuration.
//!
//! They are fixed and public on purpose: nothing they open is real.

/// The app whose secret signs every webhook.
pub const APP_ID: &str = "734260000000001";
/// Key of the webhook signature.
pub const APP_SECRET: &str = "5f0c1d3a9b7e4826a1c0d2e4f6081b3d";
/// The token a callback is asked to recognise when it is verified.
pub const VERIFY_TOKEN: &str = "fanal-simulator-verify";
/// Bearer token of the system user.
pub const ACCESS_TOKEN: &str = "EAAFanalSimulatorSystemUserToken";
/// The business portfolio that owns everything below.
pub const BUSINESS_ID: &str = "310260000000101";
/// The WhatsApp Business Account (messaging account).
pub const WABA_ID: &str = "310260000000201";
/// The business phone number's id, used in the path of every send.
pub const PHONE_NUMBER_ID: &str = "310260000000301";
/// The business phone number as people write it.
pub const DISPLAY_PHONE_NUMBER: &str = "+1 555-010-0042";
/// The name people see above the conversation.
pub const VERIFIED_NAME: &str = "Fanal Demo";
