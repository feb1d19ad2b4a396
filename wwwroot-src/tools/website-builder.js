import "./builder.js";
