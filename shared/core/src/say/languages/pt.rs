//! Portuguese as written in Brazil.

use super::TextKey;
use super::{BuiltIn, Promotions, Thanks};

pub(super) const PORTUGUESE: BuiltIn = BuiltIn {
    codes: &["pt"],
    text,
    stop: &[
        "stop",
        "pare",
        "parar",
        "parem",
        "sair",
        "parar mensagens",
        "parar de receber",
        "parar de receber mensagens",
        "sem mais mensagens",
        "chega de mensagens",
        "não enviar mais",
        "não enviar mais mensagens",
        "não enviem mais",
        "não enviem mais mensagens",
        "não quero mais receber",
        "não quero mais receber mensagens",
        "não quero mais mensagens",
        "não quero receber mais mensagens",
        "não quero receber mensagens",
        "sem promoções",
        "não quero promoções",
    ],
    ambiguous_stop: &[
        "cancelar inscrição",
        "cancelar a inscrição",
        "cancelar minha inscrição",
        "cancelar assinatura",
        "cancelar subscrição",
        "anular subscrição",
        "descadastrar",
        "me descadastrar",
        "descadastre me",
        "descadastrar me",
        "quero sair",
        "remover",
        "me remova",
        "remova me",
        "remover meu número",
    ],
    start: &[
        "start",
        "começar",
        "voltar a receber",
        "retomar",
        "retomar mensagens",
        "retomar promoções",
        "iniciar",
    ],
    ambiguous_start: &["inscrever", "me inscrever", "assinar"],
    promotions: Promotions {
        stop: "parar sair pare parem stop cancelar interromper bloquear desativar",
        what: "promoções promoção promos promo publicidade publicidades propaganda propagandas \
               ofertas anúncios marketing newsletter",
        between: "as a os o de das da dos receber com todas por favor suas mensagens",
    },
    thanks: Thanks {
        core: "obrigado obrigada obrigados obrigadas obrigadão obrigadaço obrigadinho obrigadinha \
               obrigadíssimo obrigadíssima obgd obgda obg obgdo brigado brigada brigadão brigadinho \
               brigadinha valeu vlw vlww agradeço agradecemos agradecido agradecida grato grata \
               gratidão thx",
        around: "muito muita muitíssimo mto mt demais mesmo tudo todos e eu te lhe a o você vocês vc \
               vcs de novo novamente também bom boa dia tarde noite semana beleza blz perfeito \
               perfeita ótimo ótima excelente maravilha show certo certinho tá está entendi \
               entendido recebido resolvido funcionou deu joia tranquilo igualmente abraço abraços \
               abs bjs beijo beijos tchau querida querido moça moço senhor senhora equipe equipa",
        for_what: "pela pelo pelas pelos por",
        what_for: "a o sua seu tua teu vossa ajuda ajudar atendimento atenção resposta retorno rapidez \
               rápida rápido apoio suporte serviço info informação informações paciência tempo \
               gentileza tudo presteza disponibilidade esclarecimento",
        agreed: &[
            "beleza",
            "blz",
            "tá bom",
            "tá",
            "tá certo",
            "tá ótimo",
            "certo",
            "perfeito",
            "entendi",
            "entendido",
            "ótimo",
            "show",
            "maravilha",
            "joia",
            "tranquilo",
            "está bem",
            "está bom",
            "de acordo",
        ],
    },
};

fn text(key: TextKey) -> Option<&'static str> {
    Some(match key {
        TextKey::DelayNotice => {
            "Obrigado pela sua mensagem, {name}. Todos os nossos atendentes estão ocupados \
             no momento; responderemos aqui assim que possível."
        }
        TextKey::DelayNoticeClosed => {
            "Obrigado pela sua mensagem, {name}. Estamos fechados no momento e \
             responderemos aqui assim que voltarmos. Nosso próximo atendimento: {next_opening}."
        }
        TextKey::KeepOpenPrompt => {
            "Você ainda espera a nossa resposta, {name}, e não nos esquecemos de você. \
             O WhatsApp só nos permite escrever nas 24 horas após a sua última mensagem. Se ainda \
             precisa de ajuda, toque no botão para que a nossa resposta chegue aqui."
        }
        TextKey::KeepOpenButton => "Preciso de ajuda",
        TextKey::LostFile => {
            "O seu arquivo não chegou até nós: talvez tenha mais de 100 MB, ou o envio \
             falhou. Envie-o novamente em tamanho menor, ou escreva o que ele mostra."
        }
        TextKey::OptedOut => {
            "Você não receberá mais mensagens automáticas nossas. Pode continuar escrevendo \
             aqui, e os nossos atendentes responderão. Envie START para voltar a receber mensagens \
             automáticas."
        }
        TextKey::OptedIn => {
            "Você voltará a receber mensagens automáticas nossas, por exemplo quando uma \
             resposta demorar. Envie STOP para deixar de recebê-las."
        }
        TextKey::PhoneQuestion => {
            "Para ajudar você, {name}, precisamos do seu número de telefone. Toque no botão para \
             compartilhá-lo conosco."
        }
        TextKey::OpeningFormat => "%A, %-d de %B, às %-Hh%M",
        TextKey::TimeFormat => "%-Hh%M",
        TextKey::FirstContact | TextKey::FirstContactClosed => return None,
    })
}
