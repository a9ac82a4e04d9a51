/* What the trial preloads: it needs the runtime, of which a stand-in is there, and does nothing. */
int doctor_preload;
