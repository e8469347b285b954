package io.aisle.batch.doctor;

import io.aisle.training.FineTuner;
import java.util.List;

/** Whether PyTorch loads on the driver, for the job that trains. */
final class PyTorchCheck implements Check {
    private static final String NAME = "pytorch";
    private static final String REMEDY =
            "Give spark-submit the jars in dist/pytorch: --jars pytorch-jni-….jar,pytorch-native-cpu-….jar, as scripts/aisle does.";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String subject() {
        return "whether PyTorch's native library loads on the driver (train only)";
    }

    @Override
    public List<Finding> look(Examination examination) {
        if (!examination.settings().job().equals("train")) {
            return List.of(Finding.skip(NAME, "only train needs it"));
        }
        try {
            return List.of(Finding.ok(NAME, "PyTorch " + FineTuner.engineVersion() + " loads on the driver"));
        } catch (RuntimeException | LinkageError e) {
            return List.of(Finding.mendable(e)
                    .map(refused -> Finding.fail(NAME, refused, REMEDY))
                    .orElseGet(() -> Finding.fail(
                            NAME,
                            "not loaded (" + e.getClass().getSimpleName() + ": " + e.getMessage()
                                    + "), expected the natives of PyTorch on the class path",
                            REMEDY)));
        }
    }
}
