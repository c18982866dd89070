//! The Turkish words. The texts are the owner's.

use super::{BuiltIn, Promotions, Thanks};

pub(super) const TURKISH: BuiltIn = BuiltIn {
    codes: &["tr"],
    text: super::no_text,
    stop: &[
        "stop",
        "durdur",
        "ret",
        "mesaj istemiyorum",
        "artık mesaj istemiyorum",
        "mesaj atmayın",
        "mesaj göndermeyin",
        "reklam istemiyorum",
    ],
    ambiguous_stop: &[
        "abonelikten çık",
        "aboneliği iptal et",
        "üyelikten çık",
        "listeden çıkar",
        "beni çıkar",
    ],
    start: &["start", "başlat", "devam et"],
    ambiguous_start: &["abone ol", "kaydol"],
    promotions: Promotions {
        stop: "durdur durdurun dur kapat kapatın stop",
        what: "promosyonları promosyon promosyonlar reklamları reklam reklamlar kampanyaları \
               kampanya kampanyalar pazarlama",
        between: "tüm bu lütfen mesajlarını",
    },
    thanks: Thanks {
        core: "teşekkür teşekkürler teşekkürederim teşekkürlerimi sağol sağolun sağolasın sağ tşk \
               tşkler tşkr eyvallah mersi müteşekkirim thx",
        around: "çok ederim ederiz ol olun olasın gerçekten tekrar size sana iyi günler geceler \
               akşamlar hayırlı kolay gelsin tamam tamamdır süper harika mükemmel her şey herşey oldu \
               anladım güzel hoşçakalın selamlar için yardımınız yardımın yardımlarınız desteğiniz \
               ilginiz hızlı cevabınız dönüşünüz yanıtınız bilgilendirme",
        for_what: "",
        what_for: "",
        agreed: &[
            "tamam",
            "tamamdır",
            "anladım",
            "harika",
            "süper",
            "peki",
            "mükemmel",
            "güzel",
            "allah razı olsun",
            "emeğinize sağlık",
            "elinize sağlık",
        ],
    },
};
