package io.aisle.batch.doctor;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What Linux tells a process of the machine and the container that it runs in. */
final class Machine {
    private static final Path ROOT = Path.of("/");
    /** In the library's own text: "GNU C Library (Debian GLIBC 2.36-9) stable release version 2.36." */
    private static final Pattern GLIBC = Pattern.compile("GNU C Library [^\\n]{0,80}?release version (\\d+\\.\\d+)");
    /** Of a limit that is none the kernel says about 2^63. */
    private static final long NO_LIMIT = 1L << 60;

    private static final long SMI_SECONDS = 20;

    private Machine() {}

    /** The memory of the machine, in bytes. */
    static long memory() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
    }

    /** Files and connections that this process may hold open. */
    static long openFiles() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                ? unix.getMaxFileDescriptorCount()
                : Long.MAX_VALUE;
    }

    /** What the control group of this process, or one above it, allows it, in bytes; empty where none sets a limit. */
    static OptionalLong containerLimit() throws IOException {
        return containerLimit(ROOT);
    }

    /**
     * The same below another root than that of the machine.
     *
     * @see <a href="https://docs.kernel.org/admin-guide/cgroup-v2.html">memory.max of cgroup v2</a> and
     *     <a href="https://docs.kernel.org/admin-guide/cgroup-v1/memory.html">memory.limit_in_bytes of v1</a>
     */
    static OptionalLong containerLimit(Path root) throws IOException {
        Path groups = root.resolve("proc/self/cgroup");
        OptionalLong smallest = OptionalLong.empty();
        for (String line : Files.isReadable(groups) ? Files.readAllLines(groups) : List.<String>of()) {
            String[] parts = line.split(":", 3);
            boolean isSecond = parts[0].equals("0");
            if (isSecond || List.of(parts[1].split(",")).contains("memory")) {
                Path mount = root.resolve(isSecond ? "sys/fs/cgroup" : "sys/fs/cgroup/memory");
                String file = isSecond ? "memory.max" : "memory.limit_in_bytes";
                // in a container the path is often that on the host, of which only the end is there
                for (Path group = mount.resolve("." + parts[2]).normalize();
                        group.startsWith(mount);
                        group = group.getParent()) {
                    OptionalLong limit = limit(group.resolve(file));
                    if (limit.isPresent()) {
                        smallest = OptionalLong.of(Math.min(smallest.orElse(Long.MAX_VALUE), limit.getAsLong()));
                    }
                }
            }
        }
        return smallest;
    }

    private static OptionalLong limit(Path file) throws IOException {
        if (!Files.isReadable(file)) {
            return OptionalLong.empty();
        }
        String text = Files.readString(file).strip();
        return text.equals("max") || Long.parseLong(text) > NO_LIMIT
                ? OptionalLong.empty()
                : OptionalLong.of(Long.parseLong(text));
    }

    /** The C library that this process uses, with its version where it tells one. */
    static String libc() throws IOException {
        Path maps = Path.of("/proc/self/maps");
        if (!Files.isReadable(maps)) {
            return "unknown";
        }
        List<String> libraries;
        try (Stream<String> lines = Files.lines(maps)) {
            libraries = lines.filter(line -> line.indexOf('/') > 0)
                    .map(line -> line.substring(line.indexOf('/')))
                    .distinct()
                    .toList();
        }
        if (libraries.stream().anyMatch(path -> path.contains("/ld-musl-"))) {
            return "musl";
        }
        Optional<Path> library = libraries.stream()
                .filter(path -> path.matches(".*/libc(-\\d\\.\\d+)?\\.so(\\.6)?"))
                .map(Path::of)
                .filter(Files::isReadable)
                .findFirst();
        if (library.isEmpty()) {
            return "unknown";
        }
        Matcher version = GLIBC.matcher(Files.readString(library.get(), StandardCharsets.ISO_8859_1));
        return version.find() ? "glibc " + version.group(1) : "unknown";
    }

    /** The version line of NVIDIA's driver; empty where the kernel has none. */
    static String gpuDriver() throws IOException {
        Path version = Path.of("/proc/driver/nvidia/version");
        return Files.isReadable(version)
                ? Files.readString(version).lines().findFirst().orElse("").strip()
                : "";
    }

    /** The GPUs that NVIDIA's driver lists, one a line; empty where there is no driver or no device. */
    static List<String> gpus() throws IOException {
        Process smi;
        try {
            smi = new ProcessBuilder(
                            "nvidia-smi", "--query-gpu=name,memory.total,driver_version", "--format=csv,noheader")
                    .redirectErrorStream(true)
                    .start();
        } catch (IOException absent) {
            return Files.isDirectory(Path.of("/proc/driver/nvidia/gpus"))
                    ? List.of("a device without nvidia-smi")
                    : List.of();
        }
        try {
            // before it is read, or one that hangs would be read for ever; what it says fits the pipe
            if (!smi.waitFor(SMI_SECONDS, TimeUnit.SECONDS)) {
                smi.destroyForcibly();
                return List.of();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return List.of();
        }
        String said = new String(smi.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return smi.exitValue() == 0 ? said.lines().toList() : List.of();
    }
}
