# Closes a gate with Ruby's lock while another thread waits in it without: only this thread can let go of that.
require "fiddle"

LIBRARY = Fiddle.dlopen("libgate.so")

def function(name, arguments, result, keeps_lock)
  Fiddle::Function.new(LIBRARY[name], arguments, result, name: name, need_gvl: keeps_lock)
end

POINTER = Fiddle::TYPE_VOIDP
INT = Fiddle::TYPE_INT
gate = function("gate_open", [], POINTER, false).call
waiter = Thread.new { function("gate_wait", [POINTER], INT, false).call(gate) }
function("gate_await_parked", [POINTER, INT], Fiddle::TYPE_VOID, false).call(gate, 1)
function("gate_close", [POINTER], Fiddle::TYPE_VOID, true).call(gate)
frees = function("gate_frees", [], INT, false)
raise "it was freed under the call" unless frees.call.zero?
function("gate_let_go", [POINTER], Fiddle::TYPE_VOID, false).call(gate)
waiter.join
raise "it was not freed" unless frees.call == 1
puts "done"
