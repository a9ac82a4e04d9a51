#include "registers.h"

struct registers probe_seen, probe_answer;
uint64_t probe_calls;
