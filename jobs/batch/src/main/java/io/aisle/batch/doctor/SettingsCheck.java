package io.aisle.batch.doctor;

import java.util.List;

/** Whether the job has all options that it needs; they were read, and so found valid, as the job reads them. */
final class SettingsCheck implements Check {
    private static final String NAME = "settings";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String subject() {
        return "the job's own settings, where all that it needs are given";
    }

    @Override
    public List<Finding> look(Examination examination) {
        DoctorSettings settings = examination.settings();
        return List.of(
                settings.missing().isEmpty()
                        ? Finding.ok(
                                NAME,
                                settings.job() + " has all options that it needs; its first step: "
                                        + settings.plan().get(0))
                        : Finding.skip(
                                NAME,
                                settings.job() + " also needs " + String.join(", ", settings.missing())
                                        + "; what depends on them is not looked at"));
    }
}
