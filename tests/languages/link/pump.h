/* A library of two files, which calls itself from one to the other. */
typedef struct pump pump;
pump *pump_open(void);
void pump_start(pump *p); /* a thread of its own, which pushes till the pump is closed */
int pump_push(pump *p);
int pump_flush(pump *p);
void pump_close(pump *p);
