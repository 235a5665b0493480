//! From a phone number's calling code to the market the provider prices it in.

use std::collections::HashMap;
use std::sync::LazyLock;

/// Markets with a price of their own, by ISO country code.
const COUNTRIES: &[(&str, &[&str])] = &[
    ("AR", &["54"]),
    ("BR", &["55"]),
    ("CL", &["56"]),
    ("CO", &["57"]),
    ("EG", &["20"]),
    ("FR", &["33"]),
    ("DE", &["49"]),
    ("HK", &["852"]),
    ("HU", &["36"]),
    ("IN", &["91"]),
    ("ID", &["62"]),
    ("IL", &["972"]),
    ("IT", &["39"]),
    ("MY", &["60"]),
    ("MX", &["52"]),
    ("NL", &["31"]),
    ("NG", &["234"]),
    ("PK", &["92"]),
    ("PE", &["51"]),
    ("PL", &["48"]),
    ("QA", &["974"]),
    ("RO", &["40"]),
    ("RU", &["7"]),
    ("SA", &["966"]),
    ("SG", &["65"]),
    ("ZA", &["27"]),
    ("ES", &["34"]),
    ("TR", &["90"]),
    ("AE", &["971"]),
    ("GB", &["44"]),
    ("BD", &["880"]),
    ("IQ", &["964"]),
    // Kazakhstan shares +7 with Russia; its numbers go on with 6 or 7.
    ("KZ", &["76", "77"]),
    ("KW", &["965"]),
    ("MA", &["212"]),
    ("NP", &["977"]),
    ("OM", &["968"]),
    ("LK", &["94"]),
    ("UA", &["380"]),
];

/// Markets of several countries.
const REGIONS: &[(&str, &[&str])] = &[
    ("north_america", &["1"]),
    (
        "rest_of_africa",
        &[
            "213", "216", "218", "220", "221", "222", "223", "225", "226", "227", "228", "229",
            "231", "232", "233", "235", "237", "241", "242", "244", "245", "249", "250", "251",
            "252", "254", "255", "256", "257", "258", "260", "261", "263", "264", "265", "266",
            "267", "268", "291",
        ],
    ),
    (
        "rest_of_apac",
        &[
            "61", "63", "64", "66", "675", "81", "84", "855", "856", "86", "886", "93", "976",
            "992", "993", "998",
        ],
    ),
    (
        "rest_of_cee",
        &[
            "30", "355", "359", "370", "371", "373", "374", "375", "381", "385", "386", "389",
            "420", "421", "994", "995",
        ],
    ),
    (
        "rest_of_latam",
        &[
            "502", "503", "504", "505", "506", "507", "509", "58", "591", "593", "595", "598",
            // Dominican Republic, Puerto Rico and Jamaica, which share +1 with North America.
            "1809", "1829", "1849", "1787", "1939", "1658", "1876",
        ],
    ),
    ("rest_of_middle_east", &["961", "962", "967", "973"]),
    ("rest_of_western_europe", &["32", "351", "353", "358", "41", "43", "45", "46", "47"]),
    (
        OTHER,
        &[
            // The other islands which share +1: neither the United States nor Canada.
            "1242", "1246", "1264", "1268", "1284", "1340", "1345", "1441", "1473", "1649", "1664",
            "1670", "1671", "1684", "1721", "1758", "1767", "1784", "1868", "1869",
        ],
    ),
];

/// Where nothing else fits.
pub const OTHER: &str = "other";

/// Most digits of a calling code with the areas that tell countries apart.
const CODE_DIGITS_MAX: usize = 4;

/// The market of every calling code.
static MARKETS: LazyLock<HashMap<&str, &str>> = LazyLock::new(|| {
    let rows = COUNTRIES.iter().chain(REGIONS);
    rows.flat_map(|(market, codes)| codes.iter().map(|code| (*code, *market))).collect()
});

/// The market of a number, given as its E.164 digits without `+`: the longest calling code
/// that fits decides.
pub fn market_of(digits: &str) -> &'static str {
    let longest_first = (1..=CODE_DIGITS_MAX).rev();
    let mut found = longest_first.filter_map(|count| MARKETS.get(digits.get(..count)?));
    found.next().copied().unwrap_or(OTHER)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::rates_2026_10_01::ROWS;
    use super::*;

    #[test]
    fn the_longest_calling_code_decides() {
        for (digits, market) in [
            ("33612345678", "FR"),
            ("447700900123", "GB"),
            ("4915112345678", "DE"),
            ("85251234567", "HK"),
            ("380501234567", "UA"),
            ("212612345678", "MA"),
            ("213551234567", "rest_of_africa"),
            ("61412345678", "rest_of_apac"),
            ("302101234567", "rest_of_cee"),
            ("41791234567", "rest_of_western_europe"),
            ("96171123456", "rest_of_middle_east"),
            ("50761234567", "rest_of_latam"),
            ("26269212345", "other"),
            ("", "other"),
            ("not digits", "other"),
            ("١٢٣", "other"),
        ] {
            assert_eq!(market_of(digits), market, "{digits}");
        }
    }

    #[test]
    fn the_numbers_under_1_and_7_are_told_apart_by_area() {
        for (digits, market) in [
            ("12125550123", "north_america"),
            ("14165550123", "north_america"),
            ("18095550123", "rest_of_latam"),
            ("17875550123", "rest_of_latam"),
            ("18765550123", "rest_of_latam"),
            ("12425550123", "other"),
            ("18685550123", "other"),
            ("16715550123", "other"),
            ("79161234567", "RU"),
            ("77011234567", "KZ"),
            ("76001234567", "KZ"),
        ] {
            assert_eq!(market_of(digits), market, "{digits}");
        }
    }

    #[test]
    fn every_market_has_a_price_and_every_price_a_market() {
        let named: BTreeSet<_> =
            COUNTRIES.iter().chain(REGIONS).map(|(market, _)| *market).collect();
        let priced: BTreeSet<_> = ROWS.iter().map(|(market, ..)| *market).collect();
        assert_eq!(named, priced);
    }

    #[test]
    fn no_calling_code_is_listed_twice_or_too_long_to_be_found() {
        let codes: Vec<_> =
            COUNTRIES.iter().chain(REGIONS).flat_map(|(_, codes)| codes.iter()).collect();
        assert_eq!(codes.len(), codes.iter().collect::<BTreeSet<_>>().len());
        assert_eq!(codes.iter().map(|code| code.len()).max(), Some(CODE_DIGITS_MAX));
    }
}
