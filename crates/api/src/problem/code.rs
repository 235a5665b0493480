//! The one table of problem kinds: code, status, title, and what to do about it.

use axum::http::StatusCode;

macro_rules! codes {
    ($($name:ident $code:literal $status:ident $title:literal $remedy:expr;)+) => {
        /// A kind of problem.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) enum Code {
            $(#[doc = $title] $name,)+
        }

        impl Code {
            /// Every kind, for the documents.
            pub(crate) const ALL: &[Self] = &[$(Self::$name),+];

            /// The stable word for programs.
            pub(crate) fn as_str(self) -> &'static str {
                match self { $(Self::$name => $code,)+ }
            }

            /// The HTTP status.
            pub(crate) fn status(self) -> StatusCode {
                match self { $(Self::$name => StatusCode::$status,)+ }
            }

            /// The kind in a few words.
            pub(crate) fn title(self) -> &'static str {
                match self { $(Self::$name => $title,)+ }
            }

            /// What to do.
            pub(crate) fn remedy(self) -> Option<&'static str> {
                match self { $(Self::$name => $remedy,)+ }
            }
        }
    };
}

codes! {
    MalformedBody "malformed_body" BAD_REQUEST "The body cannot be read"
        Some("Send well-formed JSON; nothing was changed.");
    MalformedWebhook "malformed_webhook" BAD_REQUEST "The webhook body cannot be read" None;
    InvalidPath "invalid_path" BAD_REQUEST "A part of the path breaks a rule"
        Some("Correct the path.");
    InvalidQuery "invalid_query" BAD_REQUEST "A query parameter breaks a rule"
        Some("Correct the parameter.");
    InvalidHeader "invalid_header" BAD_REQUEST "A header breaks a rule"
        Some("Correct the header; nothing was changed.");
    Unauthenticated "unauthenticated" UNAUTHORIZED "The caller is not known"
        Some("Send `Authorization: Bearer <token>` with a token that is in use.");
    BadSignature "bad_signature" UNAUTHORIZED "The signature is missing or wrong"
        Some("Check that both sides hold the same app secret.");
    Forbidden "forbidden" FORBIDDEN "The caller may not do this"
        Some("Ask for a token with the role that is needed.");
    BadChallenge "bad_challenge" FORBIDDEN "The verification token is wrong"
        Some("Check that both sides hold the same verification token.");
    NotFound "not_found" NOT_FOUND "There is no such thing" None;
    MethodNotAllowed "method_not_allowed" METHOD_NOT_ALLOWED "This cannot be done here"
        Some("Use one of the methods in the `Allow` header.");
    Rejected "rejected" CONFLICT "A rule forbids this now" None;
    Erased "erased" GONE "The person was erased" None;
    BusyStream "busy_stream" CONFLICT "Others keep changing this"
        Some("Read the current state and send the request again.");
    StaleVersion "stale_version" PRECONDITION_FAILED "It has changed since it was read"
        Some("Read it again and decide anew; nothing was changed.");
    TooLarge "too_large" PAYLOAD_TOO_LARGE "The body is too large"
        Some("Send less at a time; nothing was changed.");
    UnsupportedMediaType "unsupported_media_type" UNSUPPORTED_MEDIA_TYPE
        "The body is of the wrong type"
        Some("Set `Content-Type` to what the operation takes; nothing was changed.");
    InvalidField "invalid_field" UNPROCESSABLE_ENTITY "A field breaks a rule"
        Some("Correct the field and send the request again; nothing was changed.");
    KeyReused "key_reused" UNPROCESSABLE_ENTITY "The idempotency key was used for another request"
        Some("Use a new key for a new request; nothing was changed.");
    Internal "internal" INTERNAL_SERVER_ERROR "Something is broken on our side"
        Some("Report the `X-Request-Id` of this answer to the operator.");
    ProviderRefused "provider_refused" BAD_GATEWAY "The provider refused" None;
    Unavailable "unavailable" SERVICE_UNAVAILABLE "A part of the system cannot be reached"
        Some("Send the same request again with the same `Idempotency-Key`.");
    TooBusy "too_busy" SERVICE_UNAVAILABLE "Too many requests are in progress"
        Some("Send the same request again a little later.");
    PositionNotReached "position_not_reached" SERVICE_UNAVAILABLE
        "The position has not been reached yet"
        Some("Ask again a little later.");
    TookTooLong "took_too_long" GATEWAY_TIMEOUT "The request took too long"
        Some("It may have taken effect: send it again with the same `Idempotency-Key`.");
}
