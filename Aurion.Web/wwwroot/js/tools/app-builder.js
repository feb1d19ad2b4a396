import"./shared-R2RJXRQR.js";import"./shared-JCL2CJEG.js";import"./shared-4OH77UTA.js";import"./shared-Z2MNG5RL.js";import"./shared-GWY4NDUI.js";
