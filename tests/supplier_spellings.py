"""Headers as suppliers' systems are likely to spell them, invented after domain.md: for each of our columns theirs."""

from __future__ import annotations

SPELLINGS: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("civica one", "claim_person", {
        "claim_ref": "Claim Number", "person_ref": "Person Number", "role": "Relationship To Claimant", "title": "Title", "forename": "First Name",
        "other_names": "Middle Name(s)", "surname": "Last Name", "birth_date": "Date Of Birth", "sex": "Sex", "nino": "NI No.",
        "start_date": "Effective From", "end_date": "Effective To", "hours": "Hours Worked",
    }),
    ("civica two", "claim_period", {
        "claim_ref": "ClaimRef", "ct_account_ref": "CTaxAccount", "uprn": "PropertyUPRN", "address_1": "AddrLine1", "address_2": "AddrLine2",
        "address_3": "AddrLine3", "postcode": "PostCode", "start_date": "AwardStartDate", "end_date": "AwardEndDate", "status": "AwardStatus",
        "claim_type": "BenType", "tenure": "TenancyType", "contractual_rent": "ContractualRentAmt", "eligible_rent": "EligibleRent",
        "hb_award": "HBWeeklyAmt", "cts_award": "CTRWeeklyAmt", "dhp_award": "DHPWeeklyAmt", "bedrooms": "NumBedrooms", "capital": "CapitalAmt",
        "suspension_date": "SuspendedDate", "end_reason": "EndReasonCode",
    }),
    ("nec one", "claim_person", {
        "claim_ref": "HBC_CLAIM_REF", "person_ref": "HBC_MEMBER_NO", "role": "HBC_REL_TYPE", "title": "HBC_TITLE", "forename": "HBC_FORENAME1",
        "other_names": "HBC_FORENAME2", "surname": "HBC_SURNAME", "birth_date": "HBC_BIRTH_DT", "sex": "HBC_GENDER_CD", "nino": "HBC_NATINS_NO",
        "start_date": "HBC_START_DT", "end_date": "HBC_CEASE_DT",
    }),
    ("nec two", "claim_period", {
        "claim_ref": "CLAIM_REFNO", "uprn": "UPRN", "address_1": "CORR_ADDRESS_LN_1", "address_2": "CORR_ADDRESS_LN_2", "address_3": "CORR_ADDRESS_LN_3",
        "postcode": "CORR_PCODE", "start_date": "PERIOD_FROM_DATE", "end_date": "PERIOD_TO_DATE", "hb_award": "HB_WKLY_ENTITLEMENT",
        "cts_award": "CTR_WKLY_ENTITLEMENT", "contractual_rent": "RENT_CHARGE", "rent_period": "RENT_FREQUENCY_CD", "tenure": "TENURE_CODE",
        "status": "CLAIM_STATUS_CD", "household_size": "NO_IN_HOUSEHOLD", "passport_benefit": "PASSPORTED_BEN",
    }),
    ("liquidlogic one", "child_person", {
        "person_id": "PersonID", "legacy_id": "LegacySystemID", "upn": "UniquePupilNumber", "forename": "Forename", "middle_names": "MiddleNames",
        "surname": "Surname", "birth_date": "DateOfBirth", "birth_date_estimated": "DOBEstimatedFlag", "sex": "GenderCode", "known_as": "KnownAsName",
        "restricted": "RestrictedRecordFlag",
    }),
    ("liquidlogic two", "child_address", {
        "person_id": "PERSON_ID", "address_kind": "ADDRESS_TYPE_DESC", "start_date": "ADDRESS_START_DTTM", "end_date": "ADDRESS_END_DTTM", "uprn": "UPRN_NO",
        "address": "FULL_ADDRESS_TEXT", "postcode": "POSTCODE",
    }),
    ("mosaic one", "child_person", {
        "person_id": "Mosaic ID", "upn": "UPN", "forename": "First Names", "surname": "Last Name", "birth_date": "Birth Date", "sex": "Gender",
        "expected_birth_date": "Due Date", "legacy_id": "Previous System ID", "restricted": "Restricted?",
    }),
    ("mosaic two", "child_adult", {
        "person_id": "Child Mosaic ID", "adult_id": "Adult Mosaic ID", "relationship": "Relationship", "forename": "Adult First Name",
        "surname": "Adult Last Name", "birth_date": "Adult DOB", "start_date": "Relationship Start", "end_date": "Relationship End",
    }),
    ("academy one", "claim_person", {
        "claim_ref": "claim_id", "person_ref": "member_id", "role": "member_type_desc", "title": "title", "forename": "forename", "surname": "surname",
        "birth_date": "birth_date", "sex": "gender_desc", "nino": "nino", "start_date": "house_from_date", "end_date": "house_to_date",
        "hours": "hours_worked",
    }),
    ("academy two", "claim_period", {
        "claim_ref": "hb_claim_id", "ct_account_ref": "ctax_account_ref", "uprn": "uprn", "address_1": "addr1", "address_2": "addr2", "address_3": "addr3",
        "address_4": "addr4", "postcode": "post_code", "start_date": "from_date", "end_date": "to_date", "bedrooms": "no_beds",
        "suspension_date": "hb_suspend_date", "suspension_reason": "susp_reason_code", "end_reason": "hb_end_reason",
    }),
    ("credit one", "uc_award", {
        "claim_ref": "LA_CLAIM_REF", "nino": "CUST_NINO", "claimant_forename": "CUST_FORENAME", "claimant_surname": "CUST_SURNAME",
        "claimant_birth_date": "CUST_DOB", "partner_forename": "PTNR_FORENAME", "partner_surname": "PTNR_SURNAME", "partner_birth_date": "PTNR_DOB",
        "partner_nino": "PTNR_NINO", "start_date": "AP_START_DT", "end_date": "AP_END_DT", "award": "UC_AWARD_AMT", "standard_allowance": "STD_ALLOW",
        "child_element": "CHILD_ELMT", "housing_element": "HSG_ELMT", "earnings": "EARNINGS_AMT", "children": "NO_OF_CHILDREN", "postcode": "PCODE",
        "capital": "CAPITAL_AMT", "benefit_cap": "BEN_CAP_AMT",
    }),
    ("homeless one", "homelessness_case", {
        "case_ref": "Case ID", "postcode": "Last Settled Postcode", "opened_date": "Date Case Opened", "assessed_date": "Assessment Date",
        "closed_date": "Date Case Closed", "outcome": "Case Outcome", "loss_reason": "Main Reason For Homelessness",
        "prevention_date": "Prevention Duty Start", "relief_date": "Relief Duty Start",
    }),
    ("rents one", "rent_account", {
        "tenancy_ref": "TenancyRef", "forename": "TenantForename", "surname": "TenantSurname", "birth_date": "TenantDOB", "uprn": "UPRN",
        "address_1": "PropertyAddress1", "postcode": "PropertyPostcode", "start_date": "TenancyStartDate", "end_date": "TenancyEndDate",
        "rent": "WeeklyRent", "bedrooms": "Bedrooms",
    }),
    ("debts one", "council_tax_arrear", {
        "ct_account_ref": "CTax Account Ref", "surname": "Liable Surname", "forename": "Liable Forename", "postcode": "Property Postcode",
        "day": "Snapshot Date", "balance": "Outstanding Balance", "stage": "Current Recovery Stage", "tax_year": "Tax Year",
    }),
    ("payments one", "housing_payment", {
        "claim_ref": "Claim Ref", "surname": "Claimant Surname", "forename": "Claimant Forename", "birth_date": "Claimant DOB", "postcode": "Post Code",
        "start_date": "DHP Start Date", "end_date": "DHP End Date", "weekly": "DHP Weekly Amount", "lump_sum": "DHP Lump Sum", "reason": "DHP Reason",
    }),
    ("meals one", "school_meal", {
        "upn": "Pupil UPN", "surname": "Legal Surname", "forename": "Legal Forename", "birth_date": "Date of Birth", "sex": "Gender",
        "start_date": "FSM Start", "end_date": "FSM End", "postcode": "Home Postcode",
    }),
    ("eclipse","child_person",{"person_id":"Eclipse Person ID","upn":"UPN","forename":"First name","middle_names":"Middle name(s)","surname":"Last name","birth_date":"Date of birth","sex":"Sex at birth","known_as":"Also known as","restricted":"Is restricted"}),
    ("azeus","child_address",{"person_id":"ClientRef","address_1":"AddressLine1","address_2":"AddressLine2","address_3":"AddressLine3","postcode":"Postcode","start_date":"EffectiveFromDate","end_date":"EffectiveToDate","address_kind":"AddressTypeDescription","uprn":"UPRN"}),
    ("capita one","child_adult",{"person_id":"STUD_ID","adult_id":"CONTACT_ID","relationship":"RELATIONSHIP_DESC","forename":"CONTACT_FORENAME","surname":"CONTACT_SURNAME","birth_date":"CONTACT_DOB","lives_with":"LIVES_WITH_CHILD_YN"}),
    ("northgate","claim_period",{"claim_ref":"ClaimReference","ct_account_ref":"CouncilTaxReference","address_1":"PropertyAddressLine1","address_2":"PropertyAddressLine2","postcode":"PropertyPostCode","start_date":"FromDate","end_date":"ToDate","claim_type":"ClaimTypeDesc","status":"StatusDesc","tenure":"TenureTypeDesc","hb_award":"WeeklyHBAmount","cts_award":"WeeklyCTSAmount","eligible_rent":"WeeklyEligibleRent","capital":"TotalCapital","passport_benefit":"PassportBenefitType","bedrooms":"BedroomCount"}),
    ("capita two","claim_person",{"claim_ref":"Claim No","person_ref":"Person Ref","role":"Person Type","title":"Title","forename":"Forename(s)","surname":"Surname","birth_date":"D.O.B.","sex":"M/F","nino":"NINO","start_date":"Date From","end_date":"Date To"}),
    ("orchard","rent_account",{"tenancy_ref":"TENANCY_REF","forename":"TENANT_FIRST_NAME","surname":"TENANT_LAST_NAME","birth_date":"TENANT_DATE_OF_BIRTH","postcode":"PROPERTY_POST_CODE","address_1":"PROPERTY_ADDRESS_LINE_1","start_date":"TENANCY_START_DATE","end_date":"TENANCY_END_DATE","end_reason":"TERMINATION_REASON","rent":"NET_RENT","rent_period":"RENT_FREQUENCY","bedrooms":"NUMBER_OF_BEDROOMS","uprn":"UPRN"}),
    ("locata","homelessness_case",{"case_ref":"CaseRef","postcode":"SettledAddressPostcode","opened_date":"ApproachDate","assessed_date":"AssessmentCompletedDate","closed_date":"ClosedDate","outcome":"Outcome","loss_reason":"ReasonForLossOfSettledHome","duty":"CurrentDuty"}),
    ("ucds","uc_award",{"claim_ref":"CTRS_REF","nino":"NINO","claimant_forename":"FORENAME","claimant_surname":"SURNAME","claimant_birth_date":"DATE_OF_BIRTH","partner_forename":"PARTNER_FORENAME","partner_surname":"PARTNER_SURNAME","partner_birth_date":"PARTNER_DATE_OF_BIRTH","start_date":"ASSESSMENT_PERIOD_FROM","end_date":"ASSESSMENT_PERIOD_TO","award":"TAKE_HOME_AWARD","earnings":"TAKE_HOME_EARNINGS","standard_allowance":"STANDARD_ALLOWANCE_AMT","child_element":"CHILD_ELEMENT_AMT","housing_element":"HOUSING_COSTS_AMT","deductions":"DEDUCTIONS_AMT","sanction":"SANCTIONS_AMT","children":"NUMBER_CHILDREN","postcode":"POSTCODE"}),
    ("debt","council_tax_arrear",{"ct_account_ref":"AccountRef","surname":"LeadLiableSurname","forename":"LeadLiableForename","uprn":"PropertyUPRN","postcode":"PropertyPostcode","day":"ExtractDate","balance":"ArrearsBalance","stage":"RecoveryStatus","tax_year":"FinancialYear"}),
    ("payments","housing_payment",{"claim_ref":"HBRef","surname":"Surname","forename":"FirstName","birth_date":"DoB","start_date":"DHPFrom","end_date":"DHPTo","weekly":"DHPWeekly","lump_sum":"OneOffPayment","reason":"DHPReasonCode","decided_date":"DecisionMadeDate"}),
    ("fsm","school_meal",{"upn":"UPN","surname":"Pupil Surname","forename":"Pupil Forename","birth_date":"Pupil DOB","sex":"Pupil Gender","postcode":"Pupil Postcode","start_date":"FSM Eligible From","end_date":"FSM Eligible To"}),
    ("plans","cin_plan",{"person_id":"Child ID","start_date":"Plan Start","end_date":"Plan End"}),
    ("care","looked_after",{"person_id":"Person ID","start_date":"Date Became Looked After","end_date":"Date Ceased Looked After"}),
)  # fmt: skip
