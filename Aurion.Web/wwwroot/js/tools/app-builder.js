import"./shared-BN3BRW6S.js";import"./shared-H4SMTVK3.js";import"./shared-4OH77UTA.js";import"./shared-Z2MNG5RL.js";import"./shared-AZD6SFE7.js";
