//! Meta's agent, the WhatsApp Business app, calls, and news of the account.

use super::*;

const NUMBER: &str = "106540352242922";

impl Bench {
    /// Acts as Meta or another sender. Returns the answer.
    async fn act(&self, what: &str, body: Value) -> Value {
        let path = format!("/api/customers/{PHONE}/{what}");
        let (status, answer) = self.call(Method::POST, &path, body).await;
        assert_eq!(status, 200, "{answer}");
        answer
    }

    /// Returns the newest webhook's field and value.
    fn last_change(&self) -> (String, Value) {
        self.changes().pop().unwrap()
    }

    fn changes(&self) -> Vec<(String, Value)> {
        let change = |body: Value| {
            let change = body.pointer("/entry/0/changes/0").unwrap().clone();
            let field = change["field"].as_str().unwrap().to_owned();
            (field, change["value"].clone())
        };
        self.product.bodies().into_iter().map(change).collect()
    }

    async fn holder(&self) -> Value {
        let (_, customers) = self.call(Method::GET, "/api/customers", Value::Null).await;
        customers[0]["holders"][NUMBER].clone()
    }
}

#[tokio::test]
async fn what_the_customer_writes_to_metas_agent_comes_on_standby() {
    let bench = Bench::start().await;
    bench.write(text("hi")).await;
    assert_eq!(bench.last_change().0, "messages");
    assert_eq!(bench.holder().await, "casement");

    let answer = bench.act("handover", json!({"to": "meta_agent"})).await;
    assert_eq!(answer, json!({"webhook_status": 200}));
    let (field, taken) = bench.last_change();
    assert_eq!(field, "messaging_handovers");
    assert_eq!(taken["type"], "control_taken");
    assert_eq!(taken["control_taken"]["new_owner_role"], "ai_agent");
    assert!(taken.get("metadata").is_none());
    assert_eq!(taken["recipient"]["phone_number_id"], NUMBER);
    assert_eq!(taken["sender"]["phone_number"], PHONE);
    let again = bench.act("handover", json!({"to": "meta_agent"})).await;
    assert_eq!(again, json!({"webhook_status": null}));
    assert_eq!(bench.holder().await, "meta_agent");

    bench.write(text("are you a robot?")).await;
    let (field, value) = bench.last_change();
    assert_eq!(field, "standby");
    assert_eq!(value["metadata"]["phone_number_id"], NUMBER);
    assert!(value.get("messages").is_none());
    assert_eq!(value["standby"]["contacts"][0]["wa_id"], PHONE);
    let message = &value["standby"]["messages"][0];
    assert_eq!(message["text"]["body"], "are you a robot?");
    bench
        .post_form(
            &format!("/api/customers/{PHONE}/files"),
            Some(file("image/png")),
            &[],
        )
        .await;
    assert_eq!(bench.last_change().0, "standby", "files too");
    assert_eq!(bench.chat().await.len(), 3);

    let back = json!({"to": "casement", "summary": "Wants a person."});
    bench.act("handover", back).await;
    let (_, passed) = bench.last_change();
    let passed = &passed["control_passed"];
    assert_eq!(passed["previous_owner_app_role"], "meta_business_agent");
    assert_eq!(
        passed["conversation_context"],
        json!({"type": "summary", "summary": {"text": "Wants a person."}})
    );
    bench.write(text("hello?")).await;
    assert_eq!(bench.last_change().0, "messages");
}

#[tokio::test]
async fn a_free_form_message_takes_over_in_silence_and_a_template_does_not() {
    let bench = Bench::start().await;
    let wamid = bench.write(text("hi")).await["wamid"].clone();
    bench.act("handover", json!({"to": "meta_agent"})).await;
    let mut template = reply("");
    template["type"] = json!("template");
    template["template"] = json!({"name": "answer_waiting", "language": {"code": "en_US"}});
    let read = json!({"messaging_product": "whatsapp", "status": "read", "message_id": wamid});
    for harmless in [template, read.clone()] {
        assert_eq!(bench.send(harmless).await.0, 200);
        assert_eq!(bench.holder().await, "meta_agent");
    }
    let mut typing = read;
    typing["typing_indicator"] = json!({"type": "text"});
    for taking in [typing, reply("A person is here.")] {
        bench.act("handover", json!({"to": "meta_agent"})).await;
        bench.idle().await;
        assert_eq!(bench.send(taking).await.0, 200);
        bench.idle().await;
        assert_eq!(bench.holder().await, "casement");
    }
    let handovers = bench.changes();
    let handovers = handovers
        .iter()
        .filter(|(field, _)| field == "messaging_handovers");
    assert_eq!(handovers.count(), 2, "Casement is not told of its own");
    bench.write(text("good")).await;
    assert_eq!(bench.last_change().0, "messages");
}

#[tokio::test]
async fn a_refused_message_takes_nothing_over() {
    let bench = Bench::start().await;
    bench.write(text("hi")).await;
    bench.act("handover", json!({"to": "meta_agent"})).await;
    bench.options(json!({"fail_next": [131_026]})).await;
    bench.send(reply("A person is here.")).await;
    assert_eq!(bench.holder().await, "meta_agent");
}

#[tokio::test]
async fn after_a_day_of_silence_the_usual_holder_gets_the_next_message() {
    let bench = Bench::start().await;
    bench.write(text("hi")).await;
    bench.act("handover", json!({"to": "meta_agent"})).await;
    bench.move_clock(TimeDelta::hours(25));
    bench.write(text("hi again")).await;
    assert_eq!(bench.last_change().0, "messages");

    bench.options(json!({"default_holder": "meta_agent"})).await;
    bench.write(text("still you")).await;
    assert_eq!(bench.last_change().0, "messages");
    bench.move_clock(TimeDelta::hours(25));
    bench.write(text("who is it now?")).await;
    assert_eq!(bench.last_change().0, "standby");
}

#[tokio::test]
async fn answers_of_metas_agent_are_echoed_on_standby_with_their_statuses() {
    let bench = Bench::start().await;
    bench.write(text("hi")).await;
    bench.act("handover", json!({"to": "meta_agent"})).await;
    let answer = bench.act("echo", json!({"text": "I can help."})).await;
    assert_eq!(answer["by"], "meta_agent");
    bench.idle().await;
    let changes = bench.changes();
    let (field, value) = &changes[2];
    assert_eq!(field, "standby");
    let echo = &value["standby"]["message_echoes"][0];
    assert_eq!(echo["id"], answer["wamid"]);
    assert_eq!(echo["message"]["to"], PHONE);
    assert_eq!(echo["message"]["text"]["body"], "I can help.");
    let names = changes[3..].iter().map(|(field, value)| {
        assert_eq!(field, "standby");
        let status = &value["standby"]["statuses"][0];
        assert_eq!(status["id"], answer["wamid"]);
        status["status"].as_str().unwrap()
    });
    assert_eq!(names.collect::<Vec<_>>(), ["sent", "delivered"]);
    let shown = bench.chat().await.pop().unwrap();
    assert_eq!(shown["sender"], "meta_agent");
    assert_eq!(shown["direction"], "out");
}

#[tokio::test]
async fn answers_from_the_app_are_echoed_without_statuses() {
    let bench = Bench::start().await;
    bench
        .write(json!({"type": "text", "text": {"body": "hi"}, "hide_phone": true}))
        .await;
    let answer = bench.act("echo", json!({"text": "Call me."})).await;
    assert_eq!(answer["by"], "business_app");
    bench.idle().await;
    let (field, value) = bench.last_change();
    assert_eq!(field, "smb_message_echoes");
    let echo = &value["message_echoes"][0];
    assert_eq!(echo["from"], "15550783881");
    assert_eq!(echo["text"]["body"], "Call me.");
    assert!(echo.get("to").is_none(), "the number is hidden");
    assert!(echo["to_user_id"].is_string());
    assert!(bench.statuses().is_empty());

    let by = json!({"text": "I am the agent.", "by": "meta_agent"});
    bench.act("echo", by).await;
    bench.idle().await;
    assert_eq!(bench.last_change().0, "standby");
    for wrong in [json!({"text": " "}), json!({"text": "hi", "by": "nobody"})] {
        let path = format!("/api/customers/{PHONE}/echo");
        let (status, problem) = bench.call(Method::POST, &path, wrong).await;
        assert_eq!((status, &problem["status"]), (400, &json!(400)));
    }
}

#[tokio::test]
async fn a_call_opens_the_window_and_is_told_as_it_began_and_ended() {
    let bench = Bench::start().await;
    let answer = bench.act("call", json!({})).await;
    let changes = bench.changes();
    let calls: Vec<_> = changes
        .iter()
        .map(|(_, value)| &value["calls"][0])
        .collect();
    assert!(changes.iter().all(|(field, _)| field == "calls"));
    assert_eq!(calls[0]["event"], "connect");
    assert_eq!(calls[0]["session"]["sdp_type"], "offer");
    assert_eq!(calls[1]["event"], "terminate");
    assert_eq!(calls[1]["status"], "FAILED");
    assert!(calls[1].get("duration").is_none());
    for (call, (_, value)) in calls.iter().zip(&changes) {
        assert_eq!(call["id"], answer["call_id"]);
        assert_eq!(call["from"], PHONE);
        assert_eq!(call["direction"], "USER_INITIATED");
        assert_eq!(value["contacts"][0]["wa_id"], PHONE);
    }
    assert_eq!(bench.send(reply("You called?")).await.0, 200);
    bench.idle().await;
    assert_eq!(bench.status_names(), ["sent", "delivered"], "it is open");

    bench
        .act("call", json!({"answered": true, "duration_s": 125}))
        .await;
    let (_, value) = bench.last_change();
    let call = &value["calls"][0];
    assert_eq!(
        (&call["status"], &call["duration"]),
        (&json!("COMPLETED"), &json!(125))
    );
    let second = |name: &str| call[name].as_str().unwrap().parse::<i64>().unwrap();
    assert_eq!(second("end_time") - second("start_time"), 125);
    let chat = bench.chat().await;
    let shown: Vec<_> = chat.iter().map(|message| &message["text"]).collect();
    assert!(shown.contains(&&json!("Call, not answered")), "{shown:?}");
    assert!(shown.contains(&&json!("Call, 2 min")), "{shown:?}");

    let path = format!("/api/customers/{PHONE}/call");
    for wrong in [
        json!({"duration_s": 5}),
        json!({"answered": true, "duration_s": 90_000}),
    ] {
        assert_eq!(bench.call(Method::POST, &path, wrong).await.0, 400);
    }
}

#[tokio::test]
async fn events_of_the_account_are_reported_with_what_is_usual() {
    let bench = Bench::start().await;
    let path = "/api/whatsapp/account_events";
    let report = async |event: Value| {
        let (status, answer) = bench.call(Method::POST, path, event).await;
        assert_eq!(
            (status, &answer["webhook_status"]),
            (200, &json!(200)),
            "{answer}"
        );
        let (field, value) = bench.last_change();
        assert_eq!(answer["value"], value);
        (field, value)
    };
    let (field, value) = report(json!({"event": "ACCOUNT_RESTRICTION"})).await;
    assert_eq!(field, "account_update");
    let restriction = &value["restriction_info"][0];
    assert_eq!(
        restriction["restriction_type"],
        "RESTRICTED_BIZ_INITIATED_MESSAGING"
    );
    let body = bench.product.bodies().pop().unwrap();
    assert_eq!(body["entry"][0]["id"], "102290129340398");
    assert!(body["entry"][0]["time"].is_i64());

    let (field, value) =
        report(json!({"field": "phone_number_quality_update", "event": "UNFLAGGED"})).await;
    assert_eq!(field, "phone_number_quality_update");
    assert_eq!(value["event"], "UNFLAGGED");
    assert_eq!(value["display_phone_number"], "15550783881");
    let given = json!({"field": "account_alerts", "value": {"entity_type": "BUSINESS"}});
    let (_, value) = report(given).await;
    assert_eq!(value, json!({"entity_type": "BUSINESS"}));

    let wrong = [
        json!([]),
        json!({}),
        json!({"field": 7, "event": "x"}),
        json!({"value": "x"}),
        json!({"value": {"event": "x"}, "event": "y"}),
    ];
    for wrong in wrong {
        let (status, problem) = bench.call(Method::POST, path, wrong).await;
        assert_eq!((status, &problem["status"]), (400, &json!(400)));
    }
}

#[tokio::test]
async fn a_changed_category_is_listed_and_billed() {
    let bench = Bench::start().await;
    let path = "/api/whatsapp/account_events";
    let category = async || {
        let mut template = reply("");
        template["type"] = json!("template");
        template["template"] = json!({"name": "answer_waiting", "language": {"code": "en_US"}});
        bench.send(template).await;
        bench.idle().await;
        let pricing = bench.statuses().pop().unwrap()["pricing"].clone();
        assert_eq!(pricing["billable"], true);
        pricing["category"].clone()
    };
    let field = "template_category_update";
    let announced =
        json!({"field": field, "new_category": "UTILITY", "correct_category": "MARKETING"});
    bench.call(Method::POST, path, announced).await;
    assert_eq!(category().await, "utility");
    let changed =
        json!({"field": field, "previous_category": "UTILITY", "new_category": "MARKETING"});
    bench.call(Method::POST, path, changed).await;
    assert_eq!(category().await, "marketing");
    let list = "/graph/v26.0/102290129340398/message_templates";
    let (_, listed) = bench.call(Method::GET, list, Value::Null).await;
    let listed = listed["data"].as_array().unwrap();
    let of = |language: &str| {
        let mut all = listed.iter();
        let found = all.find(|one| one["name"] == "answer_waiting" && one["language"] == language);
        found.unwrap()["category"].clone()
    };
    assert_eq!(
        (of("en_US"), of("de")),
        (json!("MARKETING"), json!("UTILITY"))
    );
}

#[tokio::test]
async fn the_free_tier_can_be_made_small() {
    let bench = Bench::start().await;
    bench.options(json!({"free_messages": 1})).await;
    bench.write(text("hi")).await;
    for billable in [false, true] {
        bench.send(reply("yes")).await;
        bench.idle().await;
        let pricing = bench.statuses().pop().unwrap()["pricing"].clone();
        assert_eq!(pricing["billable"], billable);
        assert_eq!(pricing["category"], "service");
    }
}

#[tokio::test]
async fn a_customer_hides_their_number_from_the_next_message_on() {
    let bench = Bench::start().await;
    bench.write(text("hi")).await;
    let path = format!("/api/customers/{PHONE}");
    let details = json!({"hide_phone": true, "username": "ana"});
    let (status, profile) = bench.call(Method::PUT, &path, details).await;
    assert_eq!((status, &profile["hide_phone"]), (200, &json!(true)));
    bench.write(text("hi")).await;
    let (_, value) = bench.last_change();
    assert!(value["contacts"][0].get("wa_id").is_none());
    assert_eq!(value["contacts"][0]["profile"]["username"], "ana");
}
