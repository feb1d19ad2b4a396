import"./shared-2YLBFX6U.js";import"./shared-T7VEKYYB.js";import"./shared-4OH77UTA.js";import"./shared-Z2MNG5RL.js";import"./shared-T3CX73J2.js";
