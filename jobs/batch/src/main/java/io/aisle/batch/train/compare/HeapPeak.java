package io.aisle.batch.train.compare;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.util.List;

/** The most that this JVM's heap held since the start: the sum of its pools' peaks, which is a little more than was held at once. */
final class HeapPeak {
    private final List<MemoryPoolMXBean> pools = ManagementFactory.getMemoryPoolMXBeans().stream()
            .filter(pool -> pool.getType() == MemoryType.HEAP)
            .toList();

    private HeapPeak() {
        pools.forEach(MemoryPoolMXBean::resetPeakUsage);
    }

    static HeapPeak start() {
        return new HeapPeak();
    }

    long bytes() {
        return pools.stream().mapToLong(pool -> pool.getPeakUsage().getUsed()).sum();
    }
}
