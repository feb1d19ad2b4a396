import"./shared-H7O4IGYS.js";import"./shared-ASYVOIJX.js";import"./shared-4OH77UTA.js";import"./shared-Z2MNG5RL.js";import"./shared-T3CX73J2.js";
