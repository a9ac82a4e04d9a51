/* What Go's linker puts into every program. */
__attribute__((section(".go.buildinfo"), used)) static const char mark[] = "\xff Go buildinf:";
