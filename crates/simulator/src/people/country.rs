//! What a calling code tells about a number: country and everyday language.

/// Country of a number, as far as its calling code tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Country {
    pub(crate) calling_code: &'static str,
    /// ISO 3166-1 alpha-2; `ZZ` when unknown.
    pub(crate) iso: &'static str,
    /// ISO 639-1 language that people there are given here.
    pub(crate) language: &'static str,
}

impl Country {
    /// The country of an international number in bare digits. No calling code is the prefix of
    /// another, so the order of the table does not matter.
    pub(crate) fn of(digits: &str) -> Self {
        TABLE
            .iter()
            .find(|(code, ..)| digits.starts_with(code))
            .map_or(UNKNOWN, |(calling_code, iso, language)| Self { calling_code, iso, language })
    }
}

const UNKNOWN: Country = Country { calling_code: "", iso: "ZZ", language: "en" };

const TABLE: &[(&str, &str, &str)] = &[
    ("1", "US", "en"),
    ("20", "EG", "ar"),
    ("27", "ZA", "en"),
    ("30", "GR", "el"),
    ("31", "NL", "nl"),
    ("32", "BE", "fr"),
    ("33", "FR", "fr"),
    ("34", "ES", "es"),
    ("36", "HU", "hu"),
    ("39", "IT", "it"),
    ("40", "RO", "ro"),
    ("41", "CH", "de"),
    ("43", "AT", "de"),
    ("44", "GB", "en"),
    ("45", "DK", "da"),
    ("46", "SE", "sv"),
    ("47", "NO", "nb"),
    ("48", "PL", "pl"),
    ("49", "DE", "de"),
    ("51", "PE", "es"),
    ("52", "MX", "es"),
    ("54", "AR", "es"),
    ("55", "BR", "pt"),
    ("56", "CL", "es"),
    ("57", "CO", "es"),
    ("58", "VE", "es"),
    ("60", "MY", "ms"),
    ("61", "AU", "en"),
    ("62", "ID", "id"),
    ("63", "PH", "en"),
    ("64", "NZ", "en"),
    ("65", "SG", "en"),
    ("66", "TH", "th"),
    ("7", "RU", "ru"),
    ("81", "JP", "ja"),
    ("82", "KR", "ko"),
    ("84", "VN", "vi"),
    ("86", "CN", "zh"),
    ("90", "TR", "tr"),
    ("91", "IN", "hi"),
    ("92", "PK", "ur"),
    ("94", "LK", "si"),
    ("212", "MA", "fr"),
    ("213", "DZ", "fr"),
    ("216", "TN", "fr"),
    ("221", "SN", "fr"),
    ("225", "CI", "fr"),
    ("233", "GH", "en"),
    ("234", "NG", "en"),
    ("237", "CM", "fr"),
    ("243", "CD", "fr"),
    ("254", "KE", "en"),
    ("351", "PT", "pt"),
    ("352", "LU", "fr"),
    ("353", "IE", "en"),
    ("358", "FI", "fi"),
    ("380", "UA", "uk"),
    ("420", "CZ", "cs"),
    ("502", "GT", "es"),
    ("503", "SV", "es"),
    ("504", "HN", "es"),
    ("505", "NI", "es"),
    ("506", "CR", "es"),
    ("507", "PA", "es"),
    ("591", "BO", "es"),
    ("593", "EC", "es"),
    ("595", "PY", "es"),
    ("598", "UY", "es"),
    ("852", "HK", "zh"),
    ("880", "BD", "bn"),
    ("961", "LB", "ar"),
    ("962", "JO", "ar"),
    ("964", "IQ", "ar"),
    ("965", "KW", "ar"),
    ("966", "SA", "ar"),
    ("968", "OM", "ar"),
    ("971", "AE", "ar"),
    ("972", "IL", "he"),
    ("974", "QA", "ar"),
    ("977", "NP", "ne"),
];
