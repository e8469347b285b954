package io.aisle.batch.doctor;

import io.aisle.batch.score.Engine;
import io.aisle.batch.score.EngineParity;
import io.aisle.core.model.ModelDefinition;
import io.aisle.core.model.NetworkDefinition;
import java.util.List;
import java.util.Locale;

/** Whether both engines read the same tokens of the bundle's probes, and answer alike. */
final class ParityCheck implements Check {
    private static final String NAME = "engines";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String subject() {
        return "token ids and probabilities of the bundle's probes by Spark NLP and by ONNX Runtime";
    }

    @Override
    public List<Finding> look(Examination examination) {
        if (examination.settings().model().isEmpty()
                || examination.hasFailed(MemoryCheck.NAME)
                || examination.hasFailed(GpuCheck.NAME)
                || examination.hasFailed(ModelCheck.NAME)) {
            return List.of(Finding.skip(NAME, "needs a model that opens where tasks run"));
        }
        ModelDefinition model = examination.manifest().model();
        Engine engine = Engine.of(examination.settings().engine(), model);
        if (!(model instanceof NetworkDefinition)) {
            String found = "the model is of kind " + model.kind() + ", which has no network that Spark NLP could run";
            return List.of(
                    engine == Engine.SPARK_NLP
                            ? Finding.fail(NAME, found, "Give no --engine, or onnx.")
                            : Finding.skip(NAME, found));
        }
        try {
            return List.of(judge(examination.probes().parity()));
        } catch (RuntimeException e) {
            Finding refused = Finding.fail(NAME, Finding.mendable(e).orElseThrow(() -> e), "Use --engine onnx.");
            // what Spark NLP cannot run is no harm to who does not use it
            return List.of(
                    engine == Engine.SPARK_NLP ? refused : Finding.warn(NAME, refused.found(), refused.remedy()));
        }
    }

    static Finding judge(EngineParity parity) {
        String probes = " of " + parity.probes() + " probes";
        if (!parity.otherTokens().isEmpty()) {
            return Finding.fail(
                    NAME,
                    "other token ids by Spark NLP for " + Texts.some(parity.otherTokens()) + probes
                            + ", expected those of the bundle's vocabulary",
                    "Use --engine onnx; look for another version of Spark NLP among $SPARK_HOME/jars and --jars.");
        }
        String difference = String.format(
                Locale.ROOT, "the same token ids, probabilities apart by up to %.1e", parity.greatestDifference());
        return parity.isKept()
                ? Finding.ok(NAME, difference + probes)
                : Finding.fail(
                        NAME,
                        difference + " (" + parity.probe() + ")" + probes + ", expected "
                                + String.format(Locale.ROOT, "%.0e", EngineParity.TOLERANCE) + " at most",
                        "Use --engine onnx, or look for other versions of Spark NLP and ONNX Runtime among $SPARK_HOME/jars and --jars.");
    }
}
