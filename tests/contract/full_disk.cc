// Loaded into a process before its other libraries (LD_PRELOAD): while the file named by
// LEARNCITY_TEST_FULL_DISK exists, no file grows, as on a disk without a free block. What is
// written in place still goes through.
#include <dlfcn.h>
#include <errno.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

#include <cstdlib>

namespace {

bool IsFull() {
  const char* sign = std::getenv("LEARNCITY_TEST_FULL_DISK");
  return sign != nullptr && ::access(sign, F_OK) == 0;
}

bool WouldGrow(int file, off_t end) {
  struct stat about = {};
  return ::fstat(file, &about) == 0 && S_ISREG(about.st_mode) && end > about.st_size;
}

using Pwrite = ssize_t (*)(int, const void*, size_t, off_t);

ssize_t WriteUnlessFull(const char* name, int file, const void* bytes, size_t count, off_t offset) {
  if (IsFull() && WouldGrow(file, offset + static_cast<off_t>(count))) {
    errno = ENOSPC;
    return -1;
  }
  return reinterpret_cast<Pwrite>(::dlsym(RTLD_NEXT, name))(file, bytes, count, offset);
}

}  // namespace

extern "C" {

ssize_t pwrite(int file, const void* bytes, size_t count, off_t offset) {
  return WriteUnlessFull("pwrite", file, bytes, count, offset);
}

ssize_t pwrite64(int file, const void* bytes, size_t count, off64_t offset) {
  return WriteUnlessFull("pwrite64", file, bytes, count, offset);
}

}  // extern "C"
