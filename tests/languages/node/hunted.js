// A finalizer frees a gate, and nothing keeps its owner alive while a short call on it is in a thread of the pool: the
// collector would have to come in just then. The fixed variant keeps it alive until the call has come back.
//
// Usage: node hunted.js ADDON bad|fixed
const [addon, way] = process.argv.slice(2);
const gates = require(addon);

// In a function of its own: what is suspended would keep its variables alive.
function own(gate, kept) {
	const owner = gates.closedWith(gate);
	if (way === "fixed")
		kept.push(owner);
}

async function use(kept) {
	const gate = gates.open();
	gates.letGo(gate); // so that the call does not wait
	own(gate, kept);
	await gates.wait(gate);
	kept.pop();
}

async function main() {
	for (let i = 0; i < 60; i++) {
		await use([]);
		await new Promise(go => setTimeout(go, 1));
	}
	console.log(process.listenerCount("exit"), typeof gc, typeof require("vm").runInNewContext("this.gc"));
}

main();
