//! What the deploying person has to be allowed.

/// Actions on one kind of resource.
#[derive(Clone, Copy, Debug)]
pub(super) struct Needed {
    /// Resources as the stack makes them. Policies that are limited to the stack's name hold for
    /// them. Each action has to be allowed on every one.
    pub resources: &'static [&'static str],
    pub actions: &'static [&'static str],
}

const ITSELF: &str =
    "arn:PARTITION:cloudformation:REGION:ACCOUNT:stack/STACK/00000000-0000-0000-0000-000000000000";
/// A stack within it.
const NESTED: &str = "arn:PARTITION:cloudformation:REGION:ACCOUNT:stack/STACK-Common-000000000000/00000000-0000-0000-0000-000000000000";
/// The stack of the bucket that SAM makes.
const OF_SAM: &str = "arn:PARTITION:cloudformation:REGION:ACCOUNT:stack/aws-sam-cli-managed-default/00000000-0000-0000-0000-000000000000";
/// What turns the template into one of `CloudFormation`'s own (AWS, "Control access with IAM").
const TRANSFORM: &str = "arn:PARTITION:cloudformation:REGION:aws:transform/Serverless-2016-10-31";

/// What creating, updating and deleting the stack calls. infra/guide/operations.md has the same list.
pub(super) const NEEDED: [Needed; 24] = [
    Needed {
        resources: &[ITSELF, OF_SAM, TRANSFORM],
        actions: &["cloudformation:CreateChangeSet"],
    },
    Needed {
        resources: &[ITSELF, OF_SAM],
        actions: &[
            "cloudformation:DescribeChangeSet",
            "cloudformation:ExecuteChangeSet",
        ],
    },
    Needed {
        resources: &[ITSELF, NESTED],
        actions: &[
            "cloudformation:CreateStack",
            "cloudformation:DeleteStack",
            "cloudformation:UpdateStack",
        ],
    },
    Needed {
        resources: &[ITSELF, NESTED, OF_SAM],
        actions: &["cloudformation:DescribeStacks"],
    },
    Needed {
        resources: &[ITSELF],
        actions: &[
            "cloudformation:DeleteChangeSet",
            "cloudformation:DescribeStackEvents",
            "cloudformation:GetTemplate",
        ],
    },
    Needed {
        resources: &["*"],
        actions: &["cloudformation:GetTemplateSummary"],
    },
    Needed {
        resources: &[
            "arn:PARTITION:s3:::aws-sam-cli-managed-default-samclisourcebucket-000000000000",
        ],
        actions: &[
            "s3:CreateBucket",
            "s3:GetBucketLocation",
            "s3:ListBucket",
            "s3:PutBucketPolicy",
            "s3:PutBucketPublicAccessBlock",
            "s3:PutBucketTagging",
            "s3:PutBucketVersioning",
            "s3:PutEncryptionConfiguration",
        ],
    },
    Needed {
        resources: &[
            "arn:PARTITION:s3:::aws-sam-cli-managed-default-samclisourcebucket-000000000000/STACK/x",
        ],
        actions: &["s3:GetObject", "s3:PutObject"],
    },
    Needed {
        resources: &["arn:PARTITION:iam::ACCOUNT:role/STACK-WhatsappWebhookRole-000000000000"],
        actions: &[
            "iam:CreateRole",
            "iam:DeleteRole",
            "iam:DeleteRolePolicy",
            "iam:GetRole",
            "iam:GetRolePolicy",
            "iam:ListAttachedRolePolicies",
            "iam:ListRolePolicies",
            "iam:PassRole",
            "iam:PutRolePolicy",
            "iam:TagRole",
            "iam:UpdateAssumeRolePolicy",
        ],
    },
    Needed {
        resources: &[
            "arn:PARTITION:lambda:REGION:ACCOUNT:function:STACK-WhatsappWebhookFunction-000000000000",
        ],
        actions: &[
            "lambda:AddPermission",
            "lambda:CreateAlias",
            "lambda:CreateFunction",
            "lambda:DeleteAlias",
            "lambda:DeleteFunction",
            "lambda:DeleteFunctionConcurrency",
            "lambda:DeleteFunctionEventInvokeConfig",
            "lambda:GetAlias",
            "lambda:GetFunction",
            "lambda:ListVersionsByFunction",
            "lambda:PublishVersion",
            "lambda:PutFunctionConcurrency",
            "lambda:PutFunctionEventInvokeConfig",
            "lambda:RemovePermission",
            "lambda:TagResource",
            "lambda:UpdateAlias",
            "lambda:UpdateFunctionCode",
            "lambda:UpdateFunctionConfiguration",
        ],
    },
    Needed {
        resources: &[
            "arn:PARTITION:lambda:REGION:ACCOUNT:event-source-mapping:00000000-0000-0000-0000-000000000000",
        ],
        actions: &[
            "lambda:CreateEventSourceMapping",
            "lambda:DeleteEventSourceMapping",
            "lambda:GetEventSourceMapping",
            "lambda:UpdateEventSourceMapping",
        ],
    },
    Needed {
        resources: &["arn:PARTITION:apigateway:REGION::/apis"],
        actions: &[
            "apigateway:DELETE",
            "apigateway:GET",
            "apigateway:PATCH",
            "apigateway:POST",
            "apigateway:PUT",
            "apigateway:TagResource",
        ],
    },
    Needed {
        resources: &["arn:PARTITION:sqs:REGION:ACCOUNT:STACK-InboundQueue-000000000000.fifo"],
        actions: &[
            "sqs:CreateQueue",
            "sqs:DeleteQueue",
            "sqs:GetQueueAttributes",
            "sqs:SetQueueAttributes",
            "sqs:TagQueue",
        ],
    },
    Needed {
        resources: &["arn:PARTITION:dynamodb:REGION:ACCOUNT:table/STACK-Table-000000000000"],
        actions: &[
            "dynamodb:CreateTable",
            "dynamodb:DeleteTable",
            "dynamodb:DescribeContinuousBackups",
            "dynamodb:DescribeTable",
            "dynamodb:DescribeTimeToLive",
            "dynamodb:TagResource",
            "dynamodb:UpdateContinuousBackups",
            "dynamodb:UpdateTable",
            "dynamodb:UpdateTimeToLive",
        ],
    },
    Needed {
        resources: &[
            "arn:PARTITION:secretsmanager:REGION:ACCOUNT:secret:CredentialsSecret-000000000000-000000",
            "arn:PARTITION:secretsmanager:REGION:ACCOUNT:secret:FingerprintKey-000000000000-000000",
            "arn:PARTITION:secretsmanager:REGION:ACCOUNT:secret:WebhookSecret-000000000000-000000",
        ],
        actions: &[
            "secretsmanager:CreateSecret",
            "secretsmanager:DeleteSecret",
            "secretsmanager:DescribeSecret",
            "secretsmanager:PutSecretValue",
            "secretsmanager:TagResource",
            "secretsmanager:UpdateSecret",
        ],
    },
    Needed {
        resources: &["*"],
        actions: &["secretsmanager:GetRandomPassword"],
    },
    Needed {
        resources: &["arn:PARTITION:logs:REGION:ACCOUNT:log-group:STACK-x"],
        actions: &[
            "logs:CreateLogGroup",
            "logs:DeleteLogGroup",
            "logs:DescribeLogGroups",
            "logs:PutRetentionPolicy",
            "logs:TagResource",
        ],
    },
    Needed {
        resources: &["*"],
        actions: &[
            "logs:CreateLogDelivery",
            "logs:DeleteLogDelivery",
            "logs:DescribeResourcePolicies",
            "logs:GetLogDelivery",
            "logs:ListLogDeliveries",
            "logs:PutResourcePolicy",
            "logs:UpdateLogDelivery",
        ],
    },
    Needed {
        resources: &["arn:PARTITION:cloudwatch:REGION:ACCOUNT:alarm:STACK-x"],
        actions: &[
            "cloudwatch:DeleteAlarms",
            "cloudwatch:DescribeAlarms",
            "cloudwatch:PutMetricAlarm",
        ],
    },
    Needed {
        resources: &["arn:PARTITION:cloudwatch::ACCOUNT:dashboard/STACK-x"],
        actions: &[
            "cloudwatch:DeleteDashboards",
            "cloudwatch:GetDashboard",
            "cloudwatch:PutDashboard",
        ],
    },
    Needed {
        resources: &[
            "arn:PARTITION:events:REGION:ACCOUNT:rule/STACK-TimerSweepFunctionMinute-000000000000",
        ],
        actions: &[
            "events:DeleteRule",
            "events:DescribeRule",
            "events:PutRule",
            "events:PutTargets",
            "events:RemoveTargets",
        ],
    },
    Needed {
        resources: &[
            "arn:PARTITION:codedeploy:REGION:ACCOUNT:deploymentgroup:STACK-ServerlessDeploymentApplication-000000000000/x",
        ],
        actions: &[
            "codedeploy:CreateApplication",
            "codedeploy:CreateDeployment",
            "codedeploy:CreateDeploymentGroup",
            "codedeploy:DeleteApplication",
            "codedeploy:DeleteDeploymentGroup",
            "codedeploy:GetApplication",
            "codedeploy:GetDeployment",
            "codedeploy:GetDeploymentConfig",
            "codedeploy:GetDeploymentGroup",
            "codedeploy:RegisterApplicationRevision",
            "codedeploy:UpdateDeploymentGroup",
        ],
    },
    Needed {
        resources: &["arn:PARTITION:budgets::ACCOUNT:budget/STACK-x"],
        actions: &["budgets:ModifyBudget", "budgets:ViewBudget"],
    },
    Needed {
        resources: &["arn:PARTITION:sns:REGION:ACCOUNT:STACK-x"],
        actions: &[
            "sns:CreateTopic",
            "sns:DeleteTopic",
            "sns:GetTopicAttributes",
            "sns:SetTopicAttributes",
            "sns:Subscribe",
            "sns:Unsubscribe",
        ],
    },
];
