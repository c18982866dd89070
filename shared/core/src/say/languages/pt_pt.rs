//! Portuguese as written in Portugal, Africa and Asia. The words are those of Brazil.

use super::BuiltIn;
use super::TextKey;
use super::pt::PORTUGUESE;

pub(super) const EUROPEAN_PORTUGUESE: BuiltIn = BuiltIn {
    codes: &[
        "pt_PT", "pt_AO", "pt_CV", "pt_GW", "pt_MO", "pt_MZ", "pt_ST", "pt_TL",
    ],
    text,
    ..PORTUGUESE
};

fn text(key: TextKey) -> Option<&'static str> {
    Some(match key {
        TextKey::DelayNotice => {
            "Agradecemos a sua mensagem, {name}. A nossa resposta está a demorar um pouco mais do \
             que o habitual. Respondemos por aqui assim que possível."
        }
        TextKey::DelayNoticeClosed => {
            "Agradecemos a sua mensagem, {name}. De momento, estamos fora do horário de \
             atendimento; respondemos por aqui assim que voltarmos. Próximo atendimento: \
             {next_opening}."
        }
        TextKey::KeepOpenPrompt => {
            "Não nos esquecemos de si, {name}. O WhatsApp só nos permite responder até 24 horas \
             após a sua última mensagem. Se ainda precisar de ajuda, toque no botão para receber a \
             nossa resposta."
        }
        TextKey::KeepOpenButton => "Preciso de ajuda",
        TextKey::LostFile => {
            "Não recebemos o seu ficheiro. Talvez tenha mais de 100 MB ou o envio tenha falhado. \
             Envie-nos uma versão mais pequena ou diga-nos o que mostra."
        }
        TextKey::OptedOut => {
            "Não receberá mais mensagens automáticas nossas. Pode continuar a escrever por aqui e \
             a nossa equipa responderá. Para voltar a recebê-las, envie START."
        }
        TextKey::OptedIn => {
            "Voltará a receber mensagens automáticas nossas, por exemplo quando uma resposta \
             demorar mais do que o habitual. Para deixar de as receber, envie STOP."
        }
        TextKey::PhoneQuestion => {
            "Para o podermos ajudar, {name}, precisamos do seu número de telefone. Toque no botão \
             para o partilhar connosco."
        }
        TextKey::OpeningFormat => "%A, %-d de %B, às %H:%M",
        TextKey::TimeFormat => "%H:%M",
        TextKey::FirstContact | TextKey::FirstContactClosed => return None,
    })
}
