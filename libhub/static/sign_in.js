// Tells whoever types a password that Caps Lock is on.
(() => {
  const told = document.querySelector("[data-caps-lock]");
  const field = told && told.closest("form").querySelector("input[type=password]");
  if (!field) return;
  const look = (event) => {
    if (event.getModifierState) told.hidden = !event.getModifierState("CapsLock");
  };
  field.addEventListener("keydown", look);
  field.addEventListener("keyup", look);
  field.addEventListener("blur", () => { told.hidden = true; });
})();
