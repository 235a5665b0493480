//! The provider's list prices in US dollars, effective 1 October 2026.

use chrono::NaiveDate;

/// One market's prices: its code, a marketing message, and any other message, in micro-dollars.
///
/// On this card utility, authentication and service messages cost the same everywhere.
pub(super) type Row = (&'static str, u32, u32);

/// When the card took effect.
pub(super) const EFFECTIVE_FROM: NaiveDate = match NaiveDate::from_ymd_opt(2026, 10, 1) {
    Some(day) => day,
    None => NaiveDate::MIN,
};

/// Every market of the card.
pub(super) const ROWS: [Row; 47] = [
    ("AR", 61_800, 26_000),
    ("BD", 73_200, 3_700),
    ("BR", 62_500, 6_800),
    ("CL", 88_900, 20_000),
    ("CO", 12_500, 800),
    ("EG", 64_400, 3_600),
    ("FR", 85_900, 30_000),
    ("DE", 136_500, 55_000),
    ("HK", 73_200, 26_000),
    ("HU", 86_000, 35_000),
    ("IN", 11_800, 1_400),
    ("ID", 41_100, 25_000),
    ("IQ", 34_100, 7_900),
    ("IL", 35_300, 5_300),
    ("IT", 79_500, 30_000),
    ("KZ", 60_400, 18_000),
    ("KW", 79_200, 44_000),
    ("MY", 86_000, 14_000),
    ("MX", 39_700, 8_500),
    ("MA", 41_400, 23_000),
    ("NL", 159_700, 50_000),
    ("NP", 73_200, 3_400),
    ("NG", 51_600, 6_700),
    ("OM", 34_100, 24_700),
    ("PK", 47_300, 15_000),
    ("PE", 70_300, 30_000),
    ("PL", 36_600, 12_200),
    ("QA", 34_100, 12_000),
    ("RO", 86_000, 29_000),
    ("RU", 80_200, 40_000),
    ("SA", 57_600, 10_700),
    ("SG", 73_200, 16_000),
    ("ZA", 37_900, 9_500),
    ("ES", 70_700, 20_000),
    ("LK", 73_200, 2_000),
    ("TR", 10_900, 900),
    ("UA", 86_000, 29_800),
    ("AE", 57_600, 15_700),
    ("GB", 63_500, 22_000),
    ("north_america", 25_000, 3_400),
    ("rest_of_africa", 22_500, 4_000),
    ("rest_of_apac", 84_200, 11_300),
    ("rest_of_cee", 86_000, 21_200),
    ("rest_of_latam", 74_000, 11_300),
    ("rest_of_middle_east", 39_200, 9_100),
    ("rest_of_western_europe", 59_200, 17_100),
    ("other", 60_400, 7_700),
];
