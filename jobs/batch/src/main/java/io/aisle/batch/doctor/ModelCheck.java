package io.aisle.batch.doctor;

import io.aisle.batch.score.Engine;
import io.aisle.batch.storage.StoredBundle;
import java.util.ArrayList;
import java.util.List;

/** Whether the bundle is whole and scores its probes as it did when it was written: on the driver, then where tasks run. */
final class ModelCheck implements Check {
    static final String NAME = "model";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String subject() {
        return "the bundle's files (sha256), versions and probes, on the driver and where tasks run";
    }

    @Override
    public List<Finding> look(Examination examination) {
        if (examination.settings().model().isEmpty()) {
            return List.of(Finding.skip(
                    NAME, examination.settings().hasModel() ? "no --model given" : "the job takes no model"));
        }
        if (examination.hasFailed(MemoryCheck.NAME)) {
            return List.of(
                    Finding.skip(NAME, "not opened, since the check memory failed and this could end the process"));
        }
        List<Finding> findings = new ArrayList<>();
        try {
            StoredBundle stored = examination.bundle();
            findings.add(Finding.ok(
                    NAME,
                    stored.source().uri() + ": version " + stored.bundle().version() + ", "
                            + stored.bundle().labels().size() + " labels, kind "
                            + stored.bundle().manifest().model().kind() + ", verified"));
            findings.add(
                    examination.hasFailed(GpuCheck.NAME)
                            ? Finding.skip(NAME + ": tasks", "not opened where tasks run, since the check gpu failed")
                            : whereTasksRun(examination));
        } catch (RuntimeException e) {
            findings.add(Finding.fail(
                    NAME, Finding.mendable(e).orElseThrow(() -> e), "Copy the bundle again, or train again."));
        }
        return findings;
    }

    private static Finding whereTasksRun(Examination examination) {
        int scored = examination.probes().scores(Engine.ONNX).size();
        return Finding.ok(NAME + ": tasks", "opened where tasks run; " + scored + " probes scored there");
    }
}
