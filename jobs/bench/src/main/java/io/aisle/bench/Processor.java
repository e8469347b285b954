package io.aisle.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the machine can multiply with: which libraries do well on it depends on that. */
final class Processor {
    private static final Path INFORMATION = Path.of("/proc/cpuinfo");

    private Processor() {}

    /** False too where the machine does not say, as outside Linux. */
    static boolean isAmdWithAvx512() throws IOException {
        return Files.isReadable(INFORMATION) && isAmdWithAvx512(Files.readString(INFORMATION));
    }

    /** @param information as the kernel gives it in /proc/cpuinfo */
    static boolean isAmdWithAvx512(String information) {
        return information.contains("AuthenticAMD") && information.contains(" avx512f ");
    }
}
