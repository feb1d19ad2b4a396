import"./shared-L7US4YO2.js";import"./shared-4RTLDHO6.js";import"./shared-Z2MNG5RL.js";import"./shared-EFNU2QA7.js";
