#ifndef STREAM_H
#define STREAM_H

#include "courier.h"

/* Makes a stream of a connection; 0, or a negated errno, and the connection is closed. */
int stream_from(int connection, courier_stream **stream);

#endif
