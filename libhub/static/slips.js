// A sheet for many people is made part by part: the next one is asked for as soon as this one is shown.
"use strict";

document.querySelector("form[data-goes-on]")?.requestSubmit();
