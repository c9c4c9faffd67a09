//! The texts of the policies, by what they are about. Each tells its name and the like beside what it says.

/// What spans services, and what people do for a living.
const GENERAL: &[&str] = &[
    include_str!("AWSDenyAll.json"),
    include_str!("AdministratorAccess.json"),
    include_str!("Billing.json"),
    include_str!("DataScientist.json"),
    include_str!("DatabaseAdministrator.json"),
    include_str!("NetworkAdministrator.json"),
    include_str!("PowerUserAccess.json"),
    include_str!("ReadOnlyAccess.json"),
    include_str!("SecurityAudit.json"),
    include_str!("SupportUser.json"),
    include_str!("SystemAdministrator.json"),
    include_str!("ViewOnlyAccess.json"),
];

/// Identity and organizations.
const IDENTITY: &[&str] = &[
    include_str!("AWSOrganizationsFullAccess.json"),
    include_str!("AWSOrganizationsReadOnlyAccess.json"),
    include_str!("AWSOrganizationsServiceTrustPolicy.json"),
    include_str!("AWSResourceAccessManagerFullAccess.json"),
    include_str!("AWSResourceAccessManagerReadOnlyAccess.json"),
    include_str!("IAMAccessAdvisorReadOnly.json"),
    include_str!("IAMAccessAnalyzerFullAccess.json"),
    include_str!("IAMAccessAnalyzerReadOnlyAccess.json"),
    include_str!("IAMAuditRootUserCredentials.json"),
    include_str!("IAMCreateRootUserPassword.json"),
    include_str!("IAMDeleteRootUserCredentials.json"),
    include_str!("IAMFullAccess.json"),
    include_str!("IAMReadOnlyAccess.json"),
    include_str!("IAMSelfManageServiceSpecificCredentials.json"),
    include_str!("IAMUserChangePassword.json"),
    include_str!("IAMUserSSHKeys.json"),
];

/// Keys, secrets, parameters and certificates.
const SECRETS: &[&str] = &[
    include_str!("AWSCertificateManagerFullAccess.json"),
    include_str!("AWSCertificateManagerPrivateCAFullAccess.json"),
    include_str!("AWSCertificateManagerPrivateCAReadOnly.json"),
    include_str!("AWSCertificateManagerReadOnly.json"),
    include_str!("AWSCloudHSMFullAccess.json"),
    include_str!("AWSKeyManagementServiceCustomKeyStoresServiceRolePolicy.json"),
    include_str!("AWSKeyManagementServiceMultiRegionKeysServiceRolePolicy.json"),
    include_str!("AWSKeyManagementServicePowerUser.json"),
    include_str!("AWSPrivateCAFullAccess.json"),
    include_str!("AWSPrivateCAReadOnly.json"),
    include_str!("AmazonSSMAutomationRole.json"),
    include_str!("AmazonSSMDirectoryServiceAccess.json"),
    include_str!("AmazonSSMFullAccess.json"),
    include_str!("AmazonSSMMaintenanceWindowRole.json"),
    include_str!("AmazonSSMManagedInstanceCore.json"),
    include_str!("AmazonSSMReadOnlyAccess.json"),
    include_str!("AmazonSSMServiceRolePolicy.json"),
    include_str!("CertificateManagerServiceRolePolicy.json"),
    include_str!("SecretsManagerReadWrite.json"),
];

/// Protection and detection.
const PROTECTION: &[&str] = &[
    include_str!("AWSFMAdminFullAccess.json"),
    include_str!("AWSFMAdminReadOnlyAccess.json"),
    include_str!("AWSFMMemberReadOnlyAccess.json"),
    include_str!("AWSShieldDRTAccessPolicy.json"),
    include_str!("AWSShieldServiceRolePolicy.json"),
    include_str!("AWSWAFConsoleFullAccess.json"),
    include_str!("AWSWAFConsoleReadOnlyAccess.json"),
    include_str!("AWSWAFFullAccess.json"),
    include_str!("AWSWAFReadOnlyAccess.json"),
    include_str!("AmazonGuardDutyFullAccess_v2.json"),
    include_str!("AmazonGuardDutyReadOnlyAccess.json"),
    include_str!("AmazonGuardDutyServiceRolePolicy.json"),
    include_str!("AmazonInspector2FullAccess.json"),
    include_str!("AmazonInspector2FullAccess_v2.json"),
    include_str!("AmazonInspector2ReadOnlyAccess.json"),
    include_str!("AmazonMacieFullAccess.json"),
    include_str!("AmazonMacieReadOnlyAccess.json"),
    include_str!("AmazonMacieServiceRolePolicy.json"),
    include_str!("WAFV2LoggingServiceRolePolicy.json"),
];

/// What is audited, told and stored.
const EVENTS: &[&str] = &[
    include_str!("AWSCloudTrail_FullAccess.json"),
    include_str!("AWSCloudTrail_ReadOnlyAccess.json"),
    include_str!("AmazonEventBridgeFullAccess.json"),
    include_str!("AmazonEventBridgeReadOnlyAccess.json"),
    include_str!("AmazonS3FullAccess.json"),
    include_str!("AmazonS3ReadOnlyAccess.json"),
    include_str!("AmazonSNSFullAccess.json"),
    include_str!("AmazonSNSReadOnlyAccess.json"),
    include_str!("AmazonSQSFullAccess.json"),
    include_str!("AmazonSQSReadOnlyAccess.json"),
    include_str!("CloudTrailServiceRolePolicy.json"),
    include_str!("CloudWatchEventsFullAccess.json"),
    include_str!("CloudWatchEventsReadOnlyAccess.json"),
    include_str!("CloudWatchLogsFullAccess.json"),
    include_str!("CloudWatchLogsReadOnlyAccess.json"),
    include_str!("S3UnlockBucketPolicy.json"),
    include_str!("SQSUnlockQueuePolicy.json"),
];

/// All of them.
pub(super) const SOURCES: &[&[&str]] = &[GENERAL, IDENTITY, SECRETS, PROTECTION, EVENTS];
