//! Rates, windows and quotas, as pure bookkeeping over simulated time.

mod bucket;
mod pair;
mod reach;

pub(crate) use self::bucket::{Bucket, Rate};
pub(crate) use self::pair::{Pairs, SenderIndex};
pub(crate) use self::reach::Reach;
