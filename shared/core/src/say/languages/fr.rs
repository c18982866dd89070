//! French.

use super::TextKey;
use super::{BuiltIn, Promotions, Thanks};

pub(super) const FRENCH: BuiltIn = BuiltIn {
    codes: &["fr"],
    text,
    stop: &[
        "stop",
        "stop svp",
        "stop sms",
        "stop pub",
        "stop publicité",
        "arrêt",
        "arrêter",
        "arrêtez",
        "plus de messages",
        "plus de message",
        "plus de pub",
        "plus de publicité",
        "plus de messages svp",
        "pas de pub",
        "ne plus recevoir de messages",
        "ne plus recevoir de promotions",
        "plus de promotions",
        "plus de promos",
        "je ne veux plus recevoir de messages",
        "arrêter les messages",
        "arrêtez les messages",
    ],
    ambiguous_stop: &[
        "désabonner",
        "me désabonner",
        "se désabonner",
        "désabonnez moi",
        "désabonnement",
        "désinscrire",
        "me désinscrire",
        "se désinscrire",
        "désinscrivez moi",
        "désinscription",
        "je veux me désabonner",
        "je souhaite me désabonner",
    ],
    start: &["start", "démarrer", "reprendre", "reprendre les messages"],
    ambiguous_start: &["réabonner", "me réabonner", "m'abonner", "s'abonner"],
    promotions: Promotions {
        stop: "arrêter arrêtez arrêt stop stopper stoppez interrompre cesser désactiver bloquer",
        what: "promotions promotion promos promo publicités publicité pub pubs offres marketing \
               newsletter newsletters",
        between: "les la le l aux à des de mes vos ces toutes svp messages",
    },
    thanks: Thanks {
        core: "merci mercis mercii remercie remercions remerciements mrc mci thx",
        around: "beaucoup bcp bien infiniment énormément mille un une grand grands tout toute toutes \
               tous à vous toi te je nous et encore vraiment aussi bonne bon belle journée soirée \
               nuit semaine weekend end week fin continuation au revoir ok cest c est parfait \
               parfaite génial nickel impeccable cool excellent gentil gentille très trop sympa \
               reçu noté compris réglé résolu fonctionne marche ça cela daccord accord d \
               cordialement bisous bises madame monsieur l équipe léquipe",
        for_what: "pour",
        what_for: "votre vos ton ta tes l la le les cette ce aide rapidité réponse réponses retour \
               rapide soutien service info infos information informations patience compréhension \
               gentillesse efficacité laide laccueil linfo linformation lassistance accueil \
               réactivité temps explications explication conseil conseils disponibilité",
        agreed: &[
            "d'accord",
            "daccord",
            "ça marche",
            "parfait",
            "très bien",
            "c'est parfait",
            "c'est bon",
            "entendu",
            "bien reçu",
            "compris",
            "bien noté",
            "noté",
            "nickel",
            "génial",
            "impeccable",
        ],
    },
};

fn text(key: TextKey) -> Option<&'static str> {
    Some(match key {
        TextKey::DelayNotice => {
            "Merci pour votre message, {name}. Tous nos conseillers sont occupés en ce \
             moment ; nous vous répondrons ici dès que possible."
        }
        TextKey::DelayNoticeClosed => {
            "Merci pour votre message, {name}. Nous sommes fermés en ce moment et \
             vous répondrons ici dès notre retour. Nous rouvrons le {next_opening}."
        }
        TextKey::KeepOpenPrompt => {
            "Vous attendez encore notre réponse, {name}, et nous ne vous oublions \
             pas. WhatsApp ne nous permet de vous écrire que dans les 24 heures qui suivent votre \
             dernier message. Si vous avez encore besoin d’aide, touchez le bouton pour que notre \
             réponse puisse vous parvenir ici."
        }
        TextKey::KeepOpenButton => "J’ai besoin d’aide",
        TextKey::LostFile => {
            "Votre fichier ne nous est pas parvenu : il dépasse peut-être 100 Mo, ou son \
             transfert a échoué. Veuillez l’envoyer à nouveau dans une taille plus petite, ou nous \
             écrire ce qu’il montre."
        }
        TextKey::OptedOut => {
            "Vous ne recevrez plus de messages automatiques de notre part. Vous pouvez \
             continuer à écrire ici, et nos conseillers vous répondront. Envoyez START pour \
             recevoir à nouveau des messages automatiques."
        }
        TextKey::OptedIn => {
            "Vous recevrez à nouveau des messages automatiques de notre part, par exemple \
             quand une réponse prend du temps. Envoyez STOP pour ne plus en recevoir."
        }
        TextKey::PhoneQuestion => {
            "Pour vous aider, {name}, nous avons besoin de votre numéro de téléphone. Veuillez \
             toucher le bouton pour nous le communiquer."
        }
        TextKey::OpeningFormat => "%A %-d %B à %-Hh%M",
        TextKey::TimeFormat => "%-Hh%M",
        TextKey::FirstContact | TextKey::FirstContactClosed => return None,
    })
}
