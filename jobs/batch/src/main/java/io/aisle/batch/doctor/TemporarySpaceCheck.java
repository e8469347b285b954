package io.aisle.batch.doctor;

import io.aisle.batch.doctor.JvmFacts.TemporarySpace;
import java.util.ArrayList;
import java.util.List;

/**
 * Room for temporary files on the driver and every executor. On the driver there are up to three copies of a network: the bundle that was
 * fetched, what is set aside to be sent to executors, and what the driver itself received of that.
 */
final class TemporarySpaceCheck implements Check {
    static final int COPIES = 3;
    /** What a shuffle, a kept table or an upload should find beside the model. */
    private static final long ROOM = 1L << 30;

    private static final String NAME = "temporary space";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String subject() {
        return "room in spark.local.dir and java.io.tmpdir for three copies of the model, on the driver and every executor";
    }

    @Override
    public List<Finding> look(Examination examination) {
        return List.of(judge(examination.modelBytes(), examination.jvms()));
    }

    static Finding judge(long modelBytes, List<JvmFacts> jvms) {
        long needed = COPIES * modelBytes;
        String expected = modelBytes == 0
                ? Texts.megabytes(ROOM) + " (no model given)"
                : COPIES + " × the model, " + Texts.megabytes(needed) + ", and " + Texts.megabytes(ROOM)
                        + " for the work";
        List<String> unusable = new ArrayList<>();
        List<String> tooSmall = new ArrayList<>();
        List<String> tight = new ArrayList<>();
        long least = Long.MAX_VALUE;
        for (JvmFacts jvm : jvms) {
            for (TemporarySpace space : jvm.temporary()) {
                String named = space.use() + " " + space.path() + " of " + jvm.name();
                if (!space.failure().isEmpty()) {
                    unusable.add(named + " (" + space.failure() + ")");
                    continue;
                }
                String free = named + " (" + Texts.megabytes(space.freeBytes()) + " free)";
                least = Math.min(least, space.freeBytes());
                if (space.freeBytes() < needed) {
                    tooSmall.add(free);
                } else if (space.freeBytes() < needed + ROOM) {
                    tight.add(free);
                }
            }
        }
        String remedy =
                "Name a larger disk: -- --conf spark.local.dir=DIR (on YARN yarn.nodemanager.local-dirs), and for Java's"
                        + " own -- --driver-java-options -Djava.io.tmpdir=DIR, spark.executor.extraJavaOptions; or free some.";
        if (!unusable.isEmpty()) {
            return Finding.fail(NAME, "cannot write to " + Texts.some(unusable) + ", expected room there", remedy);
        }
        if (!tooSmall.isEmpty()) {
            return Finding.fail(NAME, "too small: " + Texts.some(tooSmall) + ", expected " + expected, remedy);
        }
        return tight.isEmpty()
                ? Finding.ok(
                        NAME, Texts.megabytes(least) + " free or more on " + Texts.where(jvms) + "; needs " + expected)
                : Finding.warn(NAME, "small: " + Texts.some(tight) + ", expected " + expected, remedy);
    }
}
