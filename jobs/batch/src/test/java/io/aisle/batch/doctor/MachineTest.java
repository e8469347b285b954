package io.aisle.batch.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MachineTest {
    @TempDir
    Path root;

    private void write(String file, String content) throws IOException {
        Path path = root.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, content + "\n");
    }

    @Test
    void aContainerMayHaveNoLimit() throws IOException {
        assertThat(Machine.containerLimit(root)).isEmpty();

        write("proc/self/cgroup", "4:memory:/job/1");
        write("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712");
        assertThat(Machine.containerLimit(root)).isEmpty();
    }

    @Test
    void theSmallestLimitFromTheProcessUpwardsCounts() throws IOException {
        write("proc/self/cgroup", "9:name=systemd:/\n4:memory:/job/1\n3:cpu,cpuacct:/");
        write("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712");
        write("sys/fs/cgroup/memory/job/memory.limit_in_bytes", "2000");
        write("sys/fs/cgroup/memory/job/1/memory.limit_in_bytes", "3000");

        assertThat(Machine.containerLimit(root)).isEqualTo(OptionalLong.of(2_000));
    }

    @Test
    void readsTheSecondVersionOfControlGroupsToo() throws IOException {
        write("proc/self/cgroup", "0::/user.slice/job");
        write("sys/fs/cgroup/user.slice/memory.max", "max");
        write("sys/fs/cgroup/user.slice/job/memory.max", "4096");

        assertThat(Machine.containerLimit(root)).isEqualTo(OptionalLong.of(4_096));
    }

    @Test
    void insideAContainerTheLimitLiesAtTheRootOfTheGroups() throws IOException {
        write("proc/self/cgroup", "0::/kubepods/pod7/abc");
        write("sys/fs/cgroup/memory.max", "8192");

        assertThat(Machine.containerLimit(root)).isEqualTo(OptionalLong.of(8_192));
    }

    @Test
    void tellsOfThisMachine() throws IOException {
        assertThat(Machine.libc()).matches("glibc 2\\.\\d+|musl");
        assertThat(Machine.memory()).isGreaterThan(1L << 30);
        assertThat(Machine.openFiles()).isPositive();
    }
}
