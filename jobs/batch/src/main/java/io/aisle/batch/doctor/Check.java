package io.aisle.batch.doctor;

import java.util.List;

/** One thing to know before a job. Checks stand alone: one that throws keeps no other from being run. */
interface Check {
    String name();

    /** What it looks at, for {@code --dry-run}. */
    String subject();

    /** Looks. What is thrown becomes a finding: a {@link io.aisle.core.UserException} fails, all else could not be decided. */
    List<Finding> look(Examination examination);
}
