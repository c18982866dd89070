use super::*;

const TEMPLATE: &str = include_str!("../../../../../template.yaml");

fn surroundings(parameters: &[(&str, &str)]) -> Surroundings {
    Surroundings {
        region: "eu-central-1".to_owned(),
        account: "000000000000".to_owned(),
        parameters: parameters
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect(),
        queue_url_base: "http://127.0.0.1:8080/sqs".to_owned(),
    }
}

fn required() -> Surroundings {
    surroundings(&[
        ("WebhookSecretArn", "webhook-secret"),
        ("CredentialsSecretArn", "credentials"),
        ("FingerprintKeyArn", "fingerprint-key"),
        ("JiraBaseUrl", "http://127.0.0.1:8080/atlassian"),
    ])
}

fn real() -> Stack {
    Stack::from_yaml(TEMPLATE, &required()).unwrap()
}

fn function<'a>(stack: &'a Stack, name: &str) -> &'a Function {
    stack.functions.iter().find(|f| f.name == name).unwrap()
}

#[test]
fn the_template_of_the_product_is_understood() {
    let stack = real();
    let names: Vec<_> = stack.functions.iter().map(|f| f.name.as_str()).collect();
    assert_eq!(
        names,
        [
            "due-timer",
            "inbound-message",
            "jira-webhook",
            "message-status",
            "outbound-message",
            "timer-sweep",
            "whatsapp-webhook"
        ]
    );
    let mut queues: Vec<_> = stack.queues.iter().map(|q| q.name.as_str()).collect();
    queues.sort_unstable();
    assert_eq!(
        queues,
        [
            "delay",
            "delay-dead-letters",
            "inbound-dead-letters.fifo",
            "inbound.fifo",
            "outbound-dead-letters.fifo",
            "outbound.fifo",
            "status",
            "status-dead-letters"
        ]
    );
}

#[test]
fn functions_merge_globals_and_resolve_references() {
    let stack = real();
    let webhook = function(&stack, "whatsapp-webhook");
    assert_eq!(webhook.logical_id, "WhatsappWebhookFunction");
    assert_eq!(webhook.memory_mb, 256);
    assert_eq!(webhook.timeout, Duration::from_secs(29));
    assert_eq!(webhook.reserved_concurrency, None);
    let variable = |name: &str| webhook.environment.get(name).map(String::as_str);
    assert_eq!(variable("STACK_NAME"), Some("casement-local"));
    assert_eq!(variable("WEBHOOK_SECRET_ID"), Some("webhook-secret"));
    assert_eq!(variable("FINGERPRINT_KEY_ID"), Some("fingerprint-key"));
    assert_eq!(
        variable("INBOUND_QUEUE_URL"),
        Some("http://127.0.0.1:8080/sqs/000000000000/inbound.fifo")
    );
    assert_eq!(
        webhook.events,
        [
            Event::Http {
                method: "POST".to_owned(),
                path: "/whatsapp".to_owned()
            },
            Event::Http {
                method: "GET".to_owned(),
                path: "/whatsapp".to_owned()
            }
        ]
    );
    let sweep = function(&stack, "timer-sweep");
    let allowed = sweep.allowed.as_ref().unwrap();
    assert!(allowed.contains("dynamodb:Query") && allowed.contains("sqs:SendMessage"));
    assert!(!allowed.contains("dynamodb:DeleteItem"));
    let table = sweep.environment.get("TABLE_NAME").map(String::as_str);
    assert_eq!(table, Some("casement-local-table"));
}

#[test]
fn event_source_mappings_and_schedules_are_typed() {
    let given = surroundings(&[
        ("WebhookSecretArn", "w"),
        ("CredentialsSecretArn", "c"),
        ("FingerprintKeyArn", "f"),
        ("JiraBaseUrl", "j"),
        ("InboundMaxConcurrency", "7"),
        ("WhatsappWebhookConcurrency", "50"),
    ]);
    let stack = Stack::from_yaml(TEMPLATE, &given).unwrap();
    let webhook = function(&stack, "whatsapp-webhook");
    assert_eq!(webhook.reserved_concurrency, Some(50));
    assert_eq!(
        function(&stack, "inbound-message").events,
        [Event::Queue {
            queue: "inbound.fifo".to_owned(),
            batch_size: 10,
            maximum_concurrency: Some(7),
            report_item_failures: true,
            batching_window: Duration::ZERO,
        }]
    );
    assert_eq!(
        function(&stack, "timer-sweep").events,
        [Event::Schedule {
            every: Duration::from_secs(60)
        }]
    );
}

#[test]
fn queues_carry_the_attributes_that_create_queue_takes() {
    let stack = real();
    let inbound = stack
        .queues
        .iter()
        .find(|q| q.name == "inbound.fifo")
        .unwrap();
    assert!(inbound.fifo);
    assert_eq!(
        inbound.dead_letter_queue.as_deref(),
        Some("inbound-dead-letters.fifo")
    );
    assert_eq!(inbound.attributes["VisibilityTimeout"], "540");
    assert_eq!(inbound.attributes["FifoQueue"], "true");
    let policy: serde_json::Value =
        serde_json::from_str(&inbound.attributes["RedrivePolicy"]).unwrap();
    assert_eq!(
        policy["deadLetterTargetArn"],
        "arn:aws:sqs:eu-central-1:000000000000:inbound-dead-letters.fifo"
    );
    assert_eq!(policy["maxReceiveCount"], 60);
    let position = |name: &str| stack.queues.iter().position(|q| q.name == name).unwrap();
    assert!(position("inbound-dead-letters.fifo") < position("inbound.fifo"));
}

#[test]
fn the_table_has_its_keys_its_index_and_its_expiry() {
    let table = real().table;
    assert_eq!(table.key_schema.len(), 2);
    assert_eq!(table.key_schema[0].attribute_name, "pk");
    assert_eq!(table.indexes[0].index_name, "due");
    assert_eq!(
        table.indexes[0].projection.non_key_attributes.as_deref(),
        Some(&["timers".to_owned()][..])
    );
    assert_eq!(table.ttl_attribute.as_deref(), Some("expires_at"));
}

/// Returns a small template around the given resources.
fn with_resources(resources: &str) -> String {
    format!(
        "Parameters:
  Stage: {{Type: String, Default: dev}}
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
  IsDev: !Not [!Condition IsProd]
Resources:
  Table:
    Type: AWS::DynamoDB::Table
    Properties:
      AttributeDefinitions: [{{AttributeName: pk, AttributeType: S}}]
      KeySchema: [{{AttributeName: pk, KeyType: HASH}}]
{resources}"
    )
}

#[test]
fn what_is_wrong_is_named_with_its_resource_and_property() {
    let cases = [
        (
            "no such queue",
            "
  F:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: functions/f
      Events:
        Q: {Type: SQS, Properties: {Queue: 'arn:aws:sqs:eu-central-1:000000000000:gone'}}",
            "template: F: Events.Q.Properties.Queue: arn:aws:sqs:eu-central-1:000000000000:gone is no queue of this template",
        ),
        (
            "unknown reference",
            "
  F:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: functions/f
      Environment: {Variables: {A: !Ref Nothing}}",
            "template: F: Environment.Variables.A: !Ref to Nothing, which does not exist",
        ),
        (
            "unknown attribute",
            "
  F:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: functions/f
      Environment: {Variables: {A: !Sub 'x-${Table.StreamArn}'}}",
            "template: F: Environment.Variables.A: !GetAtt Table.StreamArn is not known to the local stack",
        ),
        (
            "not a number",
            "
  F:
    Type: AWS::Serverless::Function
    Properties: {CodeUri: functions/f, Timeout: soon}",
            "template: F: Timeout: \"soon\" is not a whole number",
        ),
        (
            "no code",
            "
  F:
    Type: AWS::Serverless::Function
    Properties: {Timeout: 3}",
            "template: F: Properties: missing field `CodeUri`",
        ),
        (
            "a cron schedule",
            "
  F:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: functions/f
      Events: {T: {Type: Schedule, Properties: {Schedule: 'cron(0 8 * * ? *)'}}}",
            "template: F: Events.T.Properties.Schedule: cron(0 8 * * ? *) is no rate(...) the local stack can run",
        ),
        (
            "a batch too big for FIFO",
            "
  WorkQueue: {Type: AWS::SQS::Queue, Properties: {FifoQueue: true}}
  F:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: functions/f
      Events: {Q: {Type: SQS, Properties: {Queue: !GetAtt WorkQueue.Arn, BatchSize: 11}}}",
            "template: F: Events.Q.Properties.BatchSize: at most 10 on a FIFO queue",
        ),
        (
            "visibility below the timeout",
            "
  WorkQueue: {Type: AWS::SQS::Queue, Properties: {VisibilityTimeout: 5}}
  F:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: functions/f
      Timeout: 6
      Events: {Q: {Type: SQS, Properties: {Queue: !GetAtt WorkQueue.Arn}}}",
            "template: F: Events.Q.Properties.Queue: the visibility timeout of work, 5 s, is below the function's timeout",
        ),
        (
            "no target",
            "
  WorkQueue: {Type: AWS::SQS::Queue, Properties: {RedrivePolicy: {maxReceiveCount: 3}}}",
            "template: WorkQueue: RedrivePolicy.deadLetterTargetArn: an ARN is expected",
        ),
    ];
    for (name, resources, expected) in cases {
        let error = Stack::from_yaml(&with_resources(resources), &surroundings(&[])).unwrap_err();
        assert_eq!(error.to_string(), expected, "{name}");
    }
}

#[test]
fn parameters_without_value_and_values_without_parameter_are_named() {
    let missing =
        Stack::from_yaml(TEMPLATE, &surroundings(&[("WebhookSecretArn", "x")])).unwrap_err();
    assert!(matches!(missing, TemplateError::MissingParameter(name) if name == "JiraBaseUrl"));
    let unknown = Stack::from_yaml(&with_resources(""), &surroundings(&[("Typo", "x")]));
    assert!(matches!(unknown, Err(TemplateError::UnknownParameter(name)) if name == "Typo"));
}

#[test]
fn conditions_choose_values_and_resources() {
    let resources = "
  OnlyProdQueue: {Type: AWS::SQS::Queue, Condition: IsProd}
  WorkQueue:
    Type: AWS::SQS::Queue
    Properties:
      VisibilityTimeout: !If [IsDev, 60, 600]
      DelaySeconds: !If [IsProd, 5, !Ref AWS::NoValue]";
    let text = with_resources(resources);
    let dev = Stack::from_yaml(&text, &surroundings(&[])).unwrap();
    assert_eq!(dev.queues.len(), 1);
    assert_eq!(dev.queues[0].attributes["VisibilityTimeout"], "60");
    assert_eq!(dev.queues[0].attributes.get("DelaySeconds"), None);
    let prod = Stack::from_yaml(&text, &surroundings(&[("Stage", "prod")])).unwrap();
    assert_eq!(prod.queues.len(), 2);
    assert_eq!(prod.queues[1].attributes["DelaySeconds"], "5");
}

#[test]
fn texts_are_put_together() {
    let resources = "
  F:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: functions/f/
      Environment:
        Variables:
          JOINED: !Join ['-', [a, !Ref Stage]]
          INDEX: !Sub '${Table.Arn}/index/due'
          LITERAL: !Sub '${!kept} in ${AWS::Region}'
          NAMED: !Sub ['${x}!', {x: !Ref Table}]
          NUMBER: 3";
    let stack = Stack::from_yaml(&with_resources(resources), &surroundings(&[])).unwrap();
    let f = function(&stack, "f");
    let expected = [
        (
            "INDEX",
            "arn:aws:dynamodb:eu-central-1:000000000000:table/casement-local-table/index/due",
        ),
        ("JOINED", "a-dev"),
        ("LITERAL", "${kept} in eu-central-1"),
        ("NAMED", "casement-local-table!"),
        ("NUMBER", "3"),
    ];
    for (name, value) in expected {
        assert_eq!(f.environment[name], value, "{name}");
    }
}

#[test]
fn text_that_is_no_template_is_refused() {
    for text in ["a: [", "- a", "a: b"] {
        assert!(
            Stack::from_yaml(text, &surroundings(&[])).is_err(),
            "{text}"
        );
    }
}
