# Functions in Ruby that SQLite calls, and that do not return to it as it expects.
#
# Usage: raise.rb fixed|race
#
# fixed: the function raises, which leaves sqlite3_step by a jump; the statement and the connection are closed as ever.
# race: the function finalizes the statement that calls it.
require "sqlite3"

ROUNDS = 20

def raise_inside(db)
  statement = db.prepare("select fail(1)")
  begin
    statement.step
    puts "it did not raise"
  rescue ArgumentError => error
    puts error.message
  end
  statement.close
  puts statement.closed?
end

def fixed
  db = SQLite3::Database.new(":memory:")
  db.create_function("fail", 1) { |_function, _value| raise ArgumentError, "raised inside" }
  ROUNDS.times { raise_inside(db) }
  db.close
  puts db.closed?
end

def race
  db = SQLite3::Database.new(":memory:")
  statement = nil
  db.create_function("finish", 0) do |function|
    statement.close
    function.result = 1
  end
  statement = db.prepare("select finish()")
  statement.step
  puts statement.closed?
  db.close
  puts db.closed?
end

send(ARGV[0])
puts "done"
