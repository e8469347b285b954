package io.aisle.serving;

import io.aisle.core.model.ModelManifest;
import io.aisle.core.product.CategoryPath;
import io.aisle.serving.http.Exchange;
import io.aisle.serving.model.Champion;
import io.aisle.serving.model.ServedModel;
import io.javalin.http.Context;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.eclipse.jetty.http.HttpStatus;

/** {@code GET /v1/model}: what answers now, and what was refused in its place. */
final class ModelEndpoint {
    private final Champion champion;

    record Model(
            String version,
            String name,
            String kind,
            List<List<String>> labels,
            Map<String, Double> metrics,
            double accept_threshold,
            double target_precision,
            String loaded_at,
            String card,
            Refused refused) {}

    record Refused(String name, String reason, String at) {}

    ModelEndpoint(Champion champion) {
        this.champion = champion;
    }

    void model(Context exchange) {
        ServedModel model = champion.lease();
        try {
            ModelManifest manifest = model.bundle().manifest();
            // null where one is undefined, as JSON has no NaN
            Map<String, Double> metrics = new TreeMap<>();
            manifest.metrics().forEach((name, value) -> metrics.put(name, Double.isFinite(value) ? value : null));
            Exchange.answer(
                    exchange,
                    HttpStatus.OK_200,
                    new Model(
                            model.version(),
                            model.name(),
                            manifest.model().kind(),
                            model.bundle().labels().stream()
                                    .map(CategoryPath::names)
                                    .toList(),
                            metrics,
                            manifest.acceptThreshold(),
                            manifest.targetPrecision(),
                            model.loadedAt().toString(),
                            model.card(),
                            champion.refused()
                                    .map(of -> new Refused(
                                            of.name(), of.reason(), of.at().toString()))
                                    .orElse(null)));
        } finally {
            model.giveBack();
        }
    }
}
