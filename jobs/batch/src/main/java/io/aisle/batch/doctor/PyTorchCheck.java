package io.aisle.batch.doctor;

import io.aisle.batch.gpu.TorchProbe;
import io.aisle.core.UserException;
import java.util.List;

/** Whether PyTorch runs where a task runs, for the jobs that train. */
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
        return "whether PyTorch runs where tasks run, on the GPU where one is asked for (train, compare and pretrain only)";
    }

    @Override
    public List<Finding> look(Examination examination) {
        if (!examination.settings().trains()) {
            return List.of(Finding.skip(NAME, "only train, compare and pretrain need it"));
        }
        try {
            String version = TorchProbe.version(examination.spark().sparkContext());
            return List.of(Finding.ok(NAME, "PyTorch " + version + " runs where tasks run"));
        } catch (UserException e) {
            return List.of(Finding.fail(NAME, e, REMEDY));
        }
    }
}
