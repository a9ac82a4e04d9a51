"use strict";
/* How numbers, times, files and threads look; and elements. */

/* make("p", {class: "x"}, "text", element, null, [more]): texts are never read as HTML. */
function make(tag, attributes = {}, ...children) {
	const element = document.createElement(tag);

	for (const [name, value] of Object.entries(attributes)) {
		if (name.startsWith("on"))
			element.addEventListener(name.slice(2), value);
		else if (name === "style")
			Object.assign(element.style, value);
		else if (value !== false && value !== null && value !== undefined)
			element.setAttribute(name, value === true ? "" : value);
	}
	element.append(...children.flat(Infinity).filter(child => child !== null && child !== undefined && child !== ""));
	return element;
}

/* With thin spaces: "1 234 567" */
function count(number) {
	return String(number).replace(/\B(?=(\d{3})+$)/g, "\u202f");
}

function counted(number, one, many = `${one}s`) {
	return `${count(number)} ${number === 1 ? one : many}`;
}

function duration(ns) {
	const units = [[1e9, "s"], [1e6, "ms"], [1e3, "µs"], [1, "ns"]];
	const [size, unit] = units.find(([least]) => Math.abs(ns) >= least) ?? units[3];

	return `${Number((ns / size).toPrecision(3))}\u00a0${unit}`;
}

/* As the repository names it. */
function source(file) {
	const root = report.source_root;

	return root && file.startsWith(`${root}/`) ? file.slice(root.length + 1) : file;
}

function place(frame) {
	return frame.line > 0 ? `${source(frame.file)}:${frame.line}` : source(frame.file);
}

function base(path) {
	return path.slice(path.lastIndexOf("/") + 1);
}

/* A path that breaks lines between its folders only. */
function breakable(path) {
	const parts = path.split("/");

	return parts.flatMap((part, i) => i < parts.length - 1 ? [`${part}/`, document.createElement("wbr")] : [part]);
}

function threadName(thread) {
	return thread.name ? `${thread.name} ${thread.id}` : `thread ${thread.id}`;
}

function when(ns) {
	return ns === 0 ? "an unknown time" : new Date(ns / 1e6).toLocaleString();
}
