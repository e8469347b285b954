package io.aisle.batch.doctor;

import java.util.List;

/** How many files and connections a process may hold open. */
final class OpenFilesCheck implements Check {
    /** Beside the files of shuffles stand the jars, the connections to other executors and to S3. */
    private static final long ENOUGH = 4_096;

    @Override
    public String name() {
        return "open files";
    }

    @Override
    public String subject() {
        return "how many files each process may hold open";
    }

    @Override
    public List<Finding> look(Examination examination) {
        return List.of(judge(examination.jvms()));
    }

    static Finding judge(List<JvmFacts> jvms) {
        String found = Texts.each(jvms, jvm -> "at most " + jvm.openFiles());
        return jvms.stream().allMatch(jvm -> jvm.openFiles() >= ENOUGH)
                ? Finding.ok("open files", found)
                : Finding.warn(
                        "open files",
                        found + ", expected " + ENOUGH + " or more",
                        "Raise it where the process starts: ulimit -n 65536, LimitNOFILE= of a systemd unit, or --ulimit nofile of a container.");
    }
}
