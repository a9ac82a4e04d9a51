"use strict";
/* The page's colours, and the order in which its parts come to be: what is looked at first, first. */

/* A page from a file may be denied its storage; then the choice lasts as long as the page. */
function remembered() {
	try {
		return localStorage.getItem("handleguard-theme");
	} catch {
		return null;
	}
}

function remember(theme) {
	try {
		localStorage.setItem("handleguard-theme", theme);
	} catch {
		/* It lasts as long as the page. */
	}
}

function setTheme(theme) {
	const button = document.getElementById("theme");

	document.documentElement.dataset.theme = theme;
	button.textContent = theme === "dark" ? "Light" : "Dark";
	button.setAttribute("aria-label", theme === "dark" ? "Light colours" : "Dark colours");
}

function startTheme() {
	const dark = matchMedia("(prefers-color-scheme: dark)");

	setTheme(remembered() ?? (dark.matches ? "dark" : "light"));
	dark.addEventListener("change", () => remembered() ?? setTheme(dark.matches ? "dark" : "light"));
	document.getElementById("theme").addEventListener("click", () => {
		const theme = document.documentElement.dataset.theme === "dark" ? "light" : "dark";
		setTheme(theme);
		remember(theme);
	});
}

startTheme();
startOverview();
startList();
startCoverage();
startProcesses();
setTimeout(prepareSearch, 200);
