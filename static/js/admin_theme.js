// The administration follows the theme chosen in the portal; Django's own switch is hidden.
document.documentElement.dataset.theme = document.querySelector("meta[name=portal-theme]").content;
