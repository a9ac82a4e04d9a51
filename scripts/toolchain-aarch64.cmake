# Builds the runtime and the test programs for 64-bit Arm with Debian's cross compiler, and runs the latter under qemu.
# scripts/test-aarch64 fetches what of libunwind belongs to that machine.
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR aarch64)
set(CMAKE_C_COMPILER aarch64-linux-gnu-gcc)
set(CMAKE_CXX_COMPILER aarch64-linux-gnu-g++)

get_filename_component(build ${CMAKE_CURRENT_LIST_DIR}/../build-aarch64 ABSOLUTE)
set(HANDLEGUARD_ARM64 ${build}/debian)
set(ENV{PKG_CONFIG_SYSROOT_DIR} ${HANDLEGUARD_ARM64})
set(ENV{PKG_CONFIG_LIBDIR} ${HANDLEGUARD_ARM64}/usr/lib/aarch64-linux-gnu/pkgconfig)

set(CMAKE_CROSSCOMPILING_EMULATOR qemu-aarch64 -L /usr/aarch64-linux-gnu
    -E LD_LIBRARY_PATH=${build}/lib:${HANDLEGUARD_ARM64}/usr/lib/aarch64-linux-gnu:${HANDLEGUARD_ARM64}/lib/aarch64-linux-gnu)
