// Frees a gate while a thread of Node's pool waits in it, in a way that reports tell apart, or in one that looks like it and
// must not be taken for it.
//
// Usage: node --expose-gc freers.js ADDON WAY
const [addon, wanted] = process.argv.slice(2);
const gates = require(addon);

let closed;

function close(gate) {
	gates.close(gate);
	closed = true;
}

function finalized(gate, callback) {
	const registry = new FinalizationRegistry(callback);
	registry.register({}, gate);
	return registry;
}

const queue = [];
let resolve;
const collected = new Promise(settle => resolve = settle);

const WAYS = {
	registry: gate => finalized(gate, close),
	registrysQueue: gate => finalized(gate, held => queue.push(held)),
	registrysPromise: gate => {
		collected.then(close);
		return finalized(gate, resolve);
	},
	registrysCallbackByHand: gate => {
		const registry = finalized(gate, () => {});
		close(gate);
		return registry;
	},
	finalizer: gate => void gates.closedWith(gate),
	finalizersNote: gate => void gates.notedWith(gate),
	finalizerByHand: gate => void gates.closeByHand(gate),
};

// After a finalizer of the addon's, which has closed the gate but in one case.
function afterFinalizer(gate) {
	if (wanted === "finalizersNote")
		close(gate);
	closed = true;
}

async function play(way) {
	const gate = gates.open();
	const waiting = gates.wait(gate);
	gates.awaitParked(gate);
	closed = false;
	const registry = way(gate);
	while (!closed) {
		global.gc();
		await new Promise(go => setImmediate(go));
		if (queue.length)
			close(queue.pop());
		if (gates.hasEnded())
			afterFinalizer(gate);
	}
	gates.letGo(gate);
	await waiting;
	return registry; // lives until now
}

async function main() {
	await play(WAYS[wanted]);
	console.log("done");
}

main();
